"""MediaPipe's own face mesh over the pictures of a folder. Run by the Python of .peers/mediapipe, which knows nothing of the machine.

Usage: python mediapipe_peer.py FOLDER RUNS. Prints {"static_ms": [...], "tracking_ms": [...], "points": {picture: 468 x [x, y] in pixels}}.
"""

import json
import sys
import time
import types
from pathlib import Path

import cv2

WARM_UP = 3


def main(folder: Path, runs: int) -> None:
    # MediaPipe's drawing aids import a plotting library that the mesh never calls: an empty module saves installing it.
    sys.modules["matplotlib"] = sys.modules["matplotlib.pyplot"] = types.ModuleType("matplotlib")
    from mediapipe.python.solutions.face_mesh import FaceMesh

    pictures = {path.name: cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in sorted(folder.iterdir())}
    times: dict[str, list[float]] = {"static_ms": [], "tracking_ms": []}
    points = {}
    for name, picture in pictures.items():
        height, width = picture.shape[:2]
        # Detector and mesh for each picture; then as a video, which is followed by the mesh that also looks at eyelids and irises.
        for mode, mesh in (("static_ms", FaceMesh(static_image_mode=True)), ("tracking_ms", FaceMesh(refine_landmarks=True))):
            with mesh:
                for run in range(-WARM_UP, runs):
                    started = time.perf_counter()
                    found = mesh.process(picture).multi_face_landmarks
                    if run >= 0:
                        times[mode].append((time.perf_counter() - started) * 1000)
            if mode == "static_ms":
                points[name] = [[point.x * width, point.y * height] for point in found[0].landmark]
    print(json.dumps({**times, "points": points}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

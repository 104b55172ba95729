"""dlib's own ResNet over the aligned faces (150 x 150) of a folder. Run by the Python of .peers/dlib, which knows nothing of the machine.

Usage: python dlib_peer.py FOLDER RUNS. Prints {"embedding_ms": [...], "embeddings": {picture: 128 numbers}}.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path

import dlib
import numpy as np

WEIGHTS = "models/dlib_face_recognition_resnet_model_v1.dat"


def main(folder: Path, runs: int) -> None:
    package = importlib.util.find_spec("face_recognition_models")
    if package is None or package.origin is None:
        sys.exit("face_recognition_models is not installed")
    recogniser = dlib.face_recognition_model_v1(str(Path(package.origin).parent / WEIGHTS))
    times, embeddings = [], {}
    for path in sorted(folder.iterdir()):
        face_chip = dlib.load_rgb_image(str(path))
        for run in range(-1, runs):
            started = time.perf_counter()
            embedding = recogniser.compute_face_descriptor(face_chip)
            if run >= 0:
                times.append((time.perf_counter() - started) * 1000)
        embeddings[path.name] = np.asarray(embedding).tolist()
    print(json.dumps({"embedding_ms": times, "embeddings": embeddings}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

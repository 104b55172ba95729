"""What the face check holds in memory: a process of its own, run as a script, so that nothing else of the machine is in it.

Usage: python face_memory.py bare | python face_memory.py MODELS FRAME. Prints `ready` and waits for its input to end.
"""

import sys
from pathlib import Path

import cv2
import numpy as np


def verify_once(models_directory: Path, frame_file: str) -> object:
    """All networks loaded, one frame verified. What it returns has to stay alive."""
    from kiosk.domain.failure import Failure
    from kiosk.face.detection import find_faces
    from kiosk.face.image import as_image
    from kiosk.face.models import FaceModels

    models = FaceModels.load(models_directory)
    frame = cv2.imread(frame_file)
    if isinstance(models, Failure) or frame is None:
        sys.exit(f"{models_directory} or {frame_file} cannot be used")
    image = as_image(frame)
    face_chip = models.recogniser.chip(image, find_faces(models, image)[0].points)
    return models, models.segmenter, models.recogniser.embed(face_chip, grey=False)


if __name__ == "__main__":
    held = np.zeros(1) if sys.argv[1] == "bare" else verify_once(Path(sys.argv[1]), sys.argv[2])
    print("ready", flush=True)
    sys.stdin.read()

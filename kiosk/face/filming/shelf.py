"""Two frames of memory that both processes see and no file system does; the system takes it back with the last of them."""

import mmap
import os

import cv2
import numpy as np

from kiosk.face.image import Image, as_image

SLOTS = 2
SLOT_BYTES = 1920 * 1080 * 3


class Shelf:
    """One side writes the slots in turn, the other copies out of the one it was told of."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, SLOTS * SLOT_BYTES)
        self._next = 0

    @classmethod
    def made(cls) -> "Shelf":
        descriptor = os.memfd_create("kiosk-frames")  # no name anywhere
        os.ftruncate(descriptor, SLOTS * SLOT_BYTES)
        return cls(descriptor)

    def put(self, frame_bgr: Image) -> tuple[int, int, int]:
        """Copies the frame in, smaller where it has no room; (slot, width, height)."""
        height, width = frame_bgr.shape[:2]
        if frame_bgr.nbytes > SLOT_BYTES:
            scale = (SLOT_BYTES / frame_bgr.nbytes) ** 0.5
            frame_bgr = as_image(cv2.resize(frame_bgr, (int(width * scale), int(height * scale)), interpolation=cv2.INTER_AREA))
            height, width = frame_bgr.shape[:2]
        slot, self._next = self._next, (self._next + 1) % SLOTS
        room = np.frombuffer(self._memory, np.uint8, frame_bgr.nbytes, slot * SLOT_BYTES)
        room[:] = np.ascontiguousarray(frame_bgr).reshape(-1)
        return slot, width, height

    def get(self, slot: int, width: int, height: int) -> memoryview:
        """The packed BGR bytes, not copied."""
        return memoryview(self._memory)[slot * SLOT_BYTES : slot * SLOT_BYTES + width * height * 3]

    def close(self) -> None:
        """Overwrites both frames and lets them go."""
        self._memory[:] = bytes(len(self._memory))
        self._memory.close()
        os.close(self.descriptor)

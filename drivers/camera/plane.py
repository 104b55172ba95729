"""A sheet or a tablet in real perspective: turned in space, bent or not, laid over the frame."""

import cv2
import numpy as np

from drivers.camera.head import laid
from drivers.camera.landmarks import Numbers
from drivers.camera.light import Picture
from drivers.camera.motion import Pose

_ROUNDS = 6
_STEP = 8  # pixels between the places that are reckoned


class Plane:
    """size: width and height in pixels as seen upright. place: where its middle is in the frame. distance: from the lens, in the same pixels."""

    def __init__(self, size: tuple[int, int], place: tuple[float, float], distance: float) -> None:
        self._size, self._place, self._distance = size, np.array(place, np.float32), distance

    def lay(self, frame: Picture, texture: Picture, pose: Pose, bend: float, unit: float) -> None:
        """In place. texture: blue green red alpha, premultiplied. bend: radians from middle to edge. unit: pixels of the pose's shifts."""
        width, height = self._size
        place = self._place + np.array([pose.x, pose.y], np.float32) * np.float32(unit)
        along, one = np.linspace(-1, 1, 9), np.ones(9)
        rim = np.column_stack([np.concatenate([along, along, one, -one]) * width / 2, np.concatenate([one, -one, along, along]) * height / 2])
        seen = self._seen(rim.astype(np.float32), pose, bend) + place
        low = np.maximum(np.floor(seen.min(axis=0)).astype(int) - _STEP, 0)
        high = np.minimum(np.ceil(seen.max(axis=0)).astype(int) + _STEP, frame.shape[1::-1])
        columns, rows = (-(-(high - low) // _STEP)).tolist()
        if columns <= 0 or rows <= 0:
            return
        grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).astype(np.float32) * _STEP + np.float32((_STEP - 1) / 2)
        wanted = (grid + low.astype(np.float32) - place).reshape(-1, 2)
        found = self._found(wanted, pose, bend).reshape(rows, columns, 2) + np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
        where = cv2.resize(found, (columns * _STEP, rows * _STEP), interpolation=cv2.INTER_LINEAR)
        laid(frame, np.asarray(cv2.remap(texture, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8), int(low[0]), int(low[1]))

    def _seen(self, points: Numbers, pose: Pose, bend: float) -> Numbers:
        """Places on the sheet, from its middle, as the lens sees them, from the sheet's place in the frame."""
        curve = 2 * bend / self._size[0]
        x, y = points[:, 0], points[:, 1]
        z = np.zeros_like(x)
        if abs(curve) > 1e-6:
            x, z = np.sin(curve * x) / curve, (1 - np.cos(curve * x)) / curve
        yaw, pitch, roll = np.deg2rad(pose.yaw), np.deg2rad(pose.pitch), np.deg2rad(pose.roll)
        x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
        y, z = y * np.cos(pitch) - z * np.sin(pitch), y * np.sin(pitch) + z * np.cos(pitch)
        x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
        return np.asarray(np.stack([x, y], axis=1) * (pose.scale * self._distance / (self._distance + z))[:, None], np.float32)

    def _found(self, seen: Numbers, pose: Pose, bend: float) -> Numbers:
        """The other way: each round corrects what the round before missed, as if the sheet were flat and far."""
        yaw, roll = np.deg2rad(pose.yaw), np.deg2rad(pose.roll)
        upright = np.array([[np.cos(roll) / np.cos(yaw), np.sin(roll) / np.cos(yaw)], [-np.sin(roll), np.cos(roll)]])
        back = (upright.T / pose.scale).astype(np.float32)
        points = seen @ back
        for _ in range(_ROUNDS):
            points = points + (seen - self._seen(points, pose, bend)) @ back
        return points

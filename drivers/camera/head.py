"""A living person: the still picture turned in depth, breathing and blinking, under the hall's light and the machine's.

Forward, a place turns about the neck's axis; backward, the place that a pixel shows is found in a few rounds. So the nose goes further than the
cheeks and the far cheek is foreshortened, while the background, another layer, stays. What the still does not show (the far ear) is stretched skin.
"""

import cv2
import numpy as np

from drivers.camera.eyes import Lids
from drivers.camera.landmarks import Numbers
from drivers.camera.light import Light, Picture, lit
from drivers.camera.motion import Motion, Pose
from drivers.camera.person import STEP, Person

_ROUNDS = 5
_LEAST = 0.4  # of a place's width is taken to be left where the far cheek turns away: keeps the search from leaping


class Living:
    """One person before the camera. `dimmed`: a linear factor on all the light that reaches it. Not thread-safe."""

    def __init__(self, person: Person, motion: Motion, dimmed: float = 1.0) -> None:
        self.person, self.motion, self._dimmed = person, motion, dimmed
        self._lids = Lids(person)
        self._lit: dict[Light, Picture] = {}
        height, width = person.picture.shape[:2]
        rows, columns = np.mgrid[0 : height // STEP, 0 : width // STEP].astype(np.float32) * STEP + np.float32((STEP - 1) / 2)
        self._rows, self._columns = rows, columns

    def ask(self, action: str, seconds: float) -> None:
        self.motion.ask(action, seconds)

    def draw(self, frame: Picture, seconds: float, light: Light) -> None:
        """Into the frame, in place."""
        self.draw_posed(frame, self.motion.at(seconds), light)

    def draw_posed(self, frame: Picture, pose: Pose, light: Light) -> None:
        source = self._under(light)
        with self._lids.closed(source, pose.lid):
            where = self._where(pose)
            shown = cv2.remap(source, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        laid(frame, np.asarray(shown, np.uint8), self.person.left, self.person.top)

    def _under(self, light: Light) -> Picture:
        """The person under this light, colours multiplied by alpha; kept for the next frame."""
        if light not in self._lit:
            if len(self._lit) > 16:
                self._lit.clear()
            dimmed = Light(light.colour, light.ratio, light.level * self._dimmed)
            colours = lit(np.ascontiguousarray(self.person.picture[:, :, :3]), dimmed, self.person.shares)
            self._lit[light] = premultiplied(colours, self.person.picture[:, :, 3])
        return self._lit[light]

    def _where(self, pose: Pose) -> Numbers:
        """Height × width × 2: which place of the still each pixel shows."""
        person, size = self.person, self.person.face_px
        turn = np.deg2rad(pose.roll)
        across = (self._columns - np.float32(person.axis[0] + pose.x * size)) / np.float32(pose.scale)
        down = (self._rows - np.float32(person.axis[1] + pose.y * size + 0.6 * size)) / np.float32(pose.scale)
        x = np.float32(np.cos(turn)) * across + np.float32(np.sin(turn)) * down + np.float32(person.axis[0])
        y = np.float32(np.cos(turn)) * down - np.float32(np.sin(turn)) * across + np.float32(person.axis[1] + 0.6 * size)
        yaw, pitch = np.deg2rad(pose.yaw), np.deg2rad(pose.pitch)
        mixing = np.array(
            [
                [np.cos(yaw) - 1, 0, -np.sin(yaw), 0],
                [-np.sin(yaw) * np.sin(pitch), np.cos(pitch) - 1, -np.cos(yaw) * np.sin(pitch), pose.mouth * size * 0.006],
            ],
            np.float32,
        )
        offsets = cv2.transform(person.field, mixing)
        stretch = np.maximum(cv2.Sobel(offsets[:, :, 0], cv2.CV_32F, 1, 0, scale=1 / (8 * STEP)) + 1, np.float32(_LEAST))
        moves = cv2.merge([offsets, stretch])
        target = np.dstack([x, y])
        source = target - offsets
        for _ in range(_ROUNDS if abs(pose.yaw) > 4 else 2):
            grid = (source - np.float32((STEP - 1) / 2)) / np.float32(STEP)
            move = cv2.remap(moves, grid, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            missed = target - source - move[:, :, :2]
            missed[:, :, 0] /= move[:, :, 2]
            source += missed
        height, width = person.picture.shape[:2]
        return np.asarray(cv2.resize(source, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def premultiplied(colours: Picture, alpha: Picture) -> Picture:
    return np.dstack([cv2.multiply(colours, cv2.merge([alpha] * 3), scale=1 / 255), alpha])


def laid(frame: Picture, layer: Picture, left: int, top: int) -> None:
    """A layer of premultiplied colours and alpha over the frame, in place; what reaches beyond the frame is left out."""
    height, width = frame.shape[:2]
    rows = slice(max(top, 0), min(top + layer.shape[0], height))
    columns = slice(max(left, 0), min(left + layer.shape[1], width))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    part = layer[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    under = frame[rows, columns]
    clear = cv2.bitwise_not(cv2.merge([np.ascontiguousarray(part[:, :, 3])] * 3))
    cv2.multiply(under, clear, dst=under, scale=1 / 255)
    cv2.add(under, cv2.cvtColor(part, cv2.COLOR_BGRA2BGR), dst=under)

"""What somebody holds before the face camera instead of a face: a print, flat, bent or with holes for the eyes, and a tablet that plays a recording.

Assumed, not measured: paper reflects the fill light as skin does, over the whole sheet; a tablet 2 % of it and up to 6 % more in one bright spot.
"""

import cv2
import numpy as np

from drivers.camera.head import Living, premultiplied
from drivers.camera.landmarks import LEFT_LOWER, LEFT_UPPER, RIGHT_LOWER, RIGHT_UPPER, Landmarks, Numbers, landmarks
from drivers.camera.light import DARK, Colour, Light, Picture, lit, table
from drivers.camera.motion import GESTURES, Motion, Pose
from drivers.camera.person import HEADROOM, carried, warped
from drivers.camera.plane import Plane

FACE_MM = 180.0
"""Forehead to chin. All that is held has the face in life size, so this many millimetres are the face's height in pixels."""
A4_MM = (210.0, 297.0)
SCREEN_MM, BEZEL_MM = (197.0, 262.0), 9.0
SWING = (15.0, 35.0)
_RIM_MM = 5.0  # a printer leaves it white
_DIFFUSE, _GLARE = 0.02, 0.06
_EYES_BEFORE_AXIS = 0.4  # of the face's height: turning the head carries the eyes along


class Sheet:
    """A life-size print of the person on A4 in somebody's hands. bend: how many degrees it is bent from its middle to its edge."""

    def __init__(self, picture: Picture, place: tuple[float, float], face_px: float, chance: np.random.Generator, haste: float, bend: float) -> None:
        self._motion = Motion(chance, haste, SWING, natural=False)
        self.face_px, self._bend = face_px, bend
        self._texture, self.points = printed(picture, face_px)
        height, width = self._texture.shape[:2]
        self.size = (width, height)
        self._place = (place[0], place[1] + height * 0.04)
        self._plane = Plane(self.size, self._place, face_px * 500 / FACE_MM)
        angle = np.deg2rad(bend) * np.linspace(-1, 1, width)
        self._shade = (1 - 0.5 * np.sin(angle) ** 2).astype(np.float32)
        self._lit: dict[Light, Picture] = {}
        self._asked = -100.0

    def ask(self, action: str, seconds: float) -> None:
        """Swings for a turn; for a blink there is nothing but bending the sheet a little."""
        self._asked = seconds
        if action != "blink":
            self._motion.ask(action, seconds)

    def pose(self, seconds: float) -> Pose:
        pose = self._motion.at(seconds)
        return Pose(pose.yaw, 2 * pose.pitch, 1.5 * pose.roll, 1.5 * pose.x + pose.yaw * 0.003, 1.5 * pose.y, pose.scale, 0.0, 0.0)

    def draw(self, frame: Picture, seconds: float, light: Light) -> None:
        self.draw_posed(frame, self.pose(seconds), seconds, light)

    def draw_posed(self, frame: Picture, pose: Pose, seconds: float, light: Light) -> None:
        since = seconds - self._asked
        restless = 4 * np.sin(since * 5) * np.exp(-since) if since >= 0 else 0.0
        bend = self._bend * (1 + 0.08 * np.sin(seconds * 0.9)) + restless
        self._plane.lay(frame, self._under(light), pose, np.deg2rad(bend), self.face_px)

    @property
    def eyes(self) -> Numbers:
        """2 × 2: the middles of the right and the left eye in the frame, while the sheet is held straight."""
        middle = np.array([self.size[0] / 2, self.size[1] / 2], np.float32)
        return np.stack(self.points.eyes) - middle + np.array(self._place, np.float32)

    def cut(self, alpha: Picture) -> None:
        """Holes where `alpha` (of the sheet's size) is 0."""
        self._texture = np.dstack([self._texture[:, :, :3], alpha])

    def _under(self, light: Light) -> Picture:
        if light not in self._lit:
            if len(self._lit) > 16:
                self._lit.clear()
            shaded = (self._texture[:, :, :3] * self._shade[None, :, None] ** np.float32(1 / 2.2)).astype(np.uint8)
            self._lit[light] = premultiplied(lit(shaded, light, 1.0), np.ascontiguousarray(self._texture[:, :, 3]))
        return self._lit[light]


class EyesBehind:
    """A print with holes, and behind them the eyes of the one who holds it: they really blink, lie deeper and in the sheet's shadow."""

    def __init__(self, sheet: Sheet, holder: Living) -> None:
        self._sheet, self._holder = sheet, holder
        sheet.cut(_holes(sheet))

    def ask(self, action: str, seconds: float) -> None:
        """Whoever blinks behind a sheet keeps it still for it."""
        (self._holder if action == "blink" else self._sheet).ask(action, seconds)

    def draw(self, frame: Picture, seconds: float, light: Light) -> None:
        sheet, own = self._sheet.pose(seconds), self._holder.motion.at(seconds)
        unit = self._sheet.face_px / self._holder.person.face_px
        yaw = own.yaw * 0.3 + sheet.yaw * 0.4  # the holder turns along, less than the sheet
        x = unit * sheet.x - float(np.sin(np.deg2rad(yaw))) * _EYES_BEFORE_AXIS  # and keeps the eyes behind the holes
        behind = Pose(yaw, own.pitch * 0.5, sheet.roll, x, unit * sheet.y, sheet.scale, own.lid, own.mouth)
        self._holder.draw_posed(frame, behind, light)
        self._sheet.draw_posed(frame, sheet, seconds, light)


class Recording:
    """A visit filmed at some other time: its own turn, its own blinks, its own colours on the face; over and over, whatever is asked now."""

    def __init__(self, chance: np.random.Generator) -> None:
        self._length = float(chance.uniform(9, 14))
        self.motion = Motion(chance, natural=False)
        self._ratio = float(chance.uniform(0.12, 0.30))
        turn = float(chance.uniform(0.3, 2.5))
        self.motion.ask(str(chance.choice(GESTURES[:2])), turn)
        self.motion.ask("face_front", turn + float(chance.uniform(2.2, 3.2)))
        for start in np.arange(float(chance.uniform(0.5, 2)), self._length - 1, float(chance.uniform(2, 4))):
            self.motion.ask("blink", float(start))
        self._colours = [(bool(each & 1), bool(each & 2), bool(each & 4)) for each in chance.permutation(np.arange(1, 8))]
        self._shown_s = float(chance.uniform(0.4, 0.5))
        self._from = float(chance.uniform(0.3, self._length - 8 * self._shown_s))

    def pose(self, seconds: float) -> Pose:
        return self.motion.at(seconds % self._length)

    def light(self, seconds: float) -> Light:
        step = int((seconds % self._length - self._from) // self._shown_s)
        colour: Colour = self._colours[step] if 0 <= step < len(self._colours) else DARK
        return Light(colour, self._ratio)


class Tablet:
    """A recording on a screen: its own light, the pattern of two pixel grids, a dark rim, and a little of the fill light mirrored."""

    def __init__(self, person: Living, backdrop: Picture, recording: Recording, place: tuple[float, float], face_px: float, motion: Motion) -> None:
        self._person, self._recording, self._motion, self._face_px = person, recording, motion, face_px
        self._backdrop = backdrop
        height, width = backdrop.shape[:2]
        self._rim = rim = round(BEZEL_MM * face_px / FACE_MM)
        self._texture = np.full((height + 2 * rim, width + 2 * rim, 4), (24, 22, 22, 255), np.uint8)
        self._plane = Plane((width + 2 * rim, height + 2 * rim), place, face_px * 500 / FACE_MM)
        rows, columns = np.mgrid[0 : height + 16, 0 : width + 16].astype(np.float32)
        beat = 1 + 0.05 * np.sin(columns * 2.05 + rows * 0.21) * np.sin(rows * 1.93) + 0.025 * np.sin(columns * 0.31 + rows * 0.17)
        self._beat = cv2.merge([(beat * 128).round().astype(np.uint8)] * 3)
        spot = np.exp(-(((columns - 0.3 * width) / (0.28 * width)) ** 2) - ((rows - 0.2 * height) / (0.16 * height)) ** 2)
        self._spot = spot[:height, :width]
        self._glares: dict[Light, Picture] = {}

    def ask(self, action: str, seconds: float) -> None:
        """Nothing: the recording cannot hear."""

    def draw(self, frame: Picture, seconds: float, light: Light) -> None:
        height, width = self._backdrop.shape[:2]
        screen = self._backdrop.copy()
        self._person.draw_posed(screen, self._recording.pose(seconds), self._recording.light(seconds))
        pose = self._motion.at(seconds)
        row, column = int(abs(pose.y) * 400) % 16, int(abs(pose.x) * 400) % 16
        cv2.multiply(screen, np.ascontiguousarray(self._beat[row : row + height, column : column + width]), dst=screen, scale=1 / 128)
        screen = cv2.LUT(screen, table((1.07, 1.0, 0.94), _DIFFUSE * light.level))
        screen = cv2.add(screen, self._glare(light))
        rim = self._rim
        self._texture[rim : rim + height, rim : rim + width, :3] = screen
        self._plane.lay(frame, self._texture, Pose(2 * pose.yaw, 2 * pose.pitch, pose.roll, pose.x, pose.y, pose.scale, 0, 0), 0.0, self._face_px)

    def _glare(self, light: Light) -> Picture:
        """What the glass mirrors, in levels as they count on a middle grey."""
        if light not in self._glares:
            ambient = 0.012 * light.level * self._spot[::-1, ::-1, None] * np.ones(3, np.float32)
            gains = np.array(light.gains(1.0), np.float32) - np.float32(light.level)
            mirrored = gains * (_DIFFUSE + _GLARE * self._spot[:, :, None])
            self._glares[light] = ((ambient + mirrored) * 1.2 * 255).round().clip(0, 255).astype(np.uint8)
        return self._glares[light]


def printed(picture: Picture, face_px: float) -> tuple[Picture, Landmarks]:
    """An A4 print of the picture as it is, its own background with it, the face in life size; and where the face lies on the sheet."""
    unit = face_px / FACE_MM
    width, height = round(A4_MM[0] * unit), round(A4_MM[1] * unit)
    found = landmarks(picture)
    scale = face_px / found.height
    shift = np.array([width / 2, height * 0.46]) - np.array(found.centre) * scale
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    image = warped(picture, matrix, (width, height))
    pale = cv2.convertScaleAbs(cv2.GaussianBlur(image, (0, 0), 0.7), alpha=0.86, beta=22)
    pale = cv2.LUT(pale, table((HEADROOM,) * 3))
    rim = round(_RIM_MM * unit)
    sheet = np.full((height, width, 4), (214, 216, 216, 255), np.uint8)
    sheet[rim:-rim, rim:-rim, :3] = pale[rim:-rim, rim:-rim]
    return sheet, Landmarks(carried(found.points, matrix), found.found)


def _holes(sheet: Sheet) -> Picture:
    """Opaque but for the eyes, cut a little wider than they are."""
    height, width = sheet.size[::-1]
    alpha = np.full((height, width), 255, np.uint8)
    for upper, lower in ((RIGHT_UPPER, RIGHT_LOWER), (LEFT_UPPER, LEFT_LOWER)):
        contour: Numbers = sheet.points.points[[*upper, *lower[::-1]], :2]
        middle = contour.mean(axis=0)
        wider = middle + (contour - middle) * np.array([1.1, 1.4], np.float32)
        cv2.fillPoly(alpha, [(wider * 16).round().astype(np.int32)], 0, cv2.LINE_AA, 4)
    return alpha

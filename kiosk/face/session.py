"""One person before the camera, from the first frame to the decision: found, compared, alive by every cue, and still the same person at the end.

Pure: frames and times come in, what the screen and the light should do goes out. Who films, shows and shines is no matter of this file.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kiosk.domain.failure import Failure
from kiosk.face.alive.blink import Blink
from kiosk.face.alive.flash import FRAMES_A_STEP, ColourFlash, FlashFlaw, random_colours
from kiosk.face.alive.limits import Limits, limits
from kiosk.face.alive.turn import HeadTurn, Side
from kiosk.face.image import Image, Points, wipe
from kiosk.face.looking import Look, Looker
from kiosk.face.match import GOOD_LOOKS_NEEDED, FaceMatcher, Reference
from kiosk.face.ports import Embedding
from kiosk.face.quality import Flaw, nose_shift
from kiosk.face.verdict import ALIVE_ATTEMPTS, CUES, DARK, MATCH_TRIES, Band, Colour, Decision, Sight, Spent, Stage, Times, Verdict

ROOM_ATTEMPTS = 2
"""What is the room's or the camera's fault does not get better by trying on."""
_LOST_FRAMES = 8


@dataclass
class Session:
    """references: the chip's portrait first, then the ID card's photo where it could be decoded. calibrated_gain: `[face] fill_gain` of the profile.

    before: chances that the holder has used up already. cues: all of them on a machine; a proof leaves one out to see that it was needed.
    """

    matcher: FaceMatcher
    references: Sequence[Reference]
    calibrated_gain: float
    times: Times = field(default_factory=Times)
    before: Spent = field(default_factory=Spent)
    chance: random.Random = field(default_factory=random.SystemRandom)
    cues: Sequence[Stage] = CUES
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        self._limits: Limits = limits()
        self._looker = Looker(self.matcher.models)
        self._stage = Stage.POSITION
        self._since_s: float | None = None
        self._frames = 0
        self._lost = 0
        self._good: list[Look] = []  # of this attempt
        self._seen_flaws: Counter[Flaw] = Counter()
        self._flaws: list[str] = []  # one for each attempt that failed
        self._unsure = 0
        self._decision: Decision | None = None
        self._gain: float | None = None
        self._front: Points | None = None
        self._who: Embedding | None = None  # stands there in this attempt
        self._turn: HeadTurn | None = None
        self._blink: Blink | None = None
        self._flash: ColourFlash | None = None
        self._step = -1
        self._lit: tuple[Colour, float] | None = None
        self._since_lit = 0
        self._why: str | None = None
        self._asked_long = False

    @property
    def failed_attempts(self) -> int:
        return self.before.attempts + len(self._flaws)

    @property
    def spent(self) -> Spent:
        """If the person left now: an attempt that was begun counts as one that failed."""
        begun = self.verdict is None and self._stage is not Stage.POSITION
        return Spent(self.failed_attempts + begun, self.before.unsure + self._unsure)

    # ---- what comes in

    def lit(self, colour: Colour, at_s: float) -> None:
        """The light shines so since `at_s`; told again, it counts from the first time."""
        if self._lit is None or self._lit[0] != colour:
            self._lit, self._since_lit = (colour, at_s), 0

    def hold(self, held: bool) -> None:
        """Whether the camera holds its exposure during the colours."""
        if self._flash is not None:
            self._flash.exposure_held = held

    def see(self, frame_bgr: Image, at_s: float) -> Sight:
        """One frame of the camera, in order; ends with `verdict` set. 5 to 15 ms, at the decisions 30 ms more."""
        if self._since_s is None:
            self._since_s = at_s
        self._frames += 1
        look = self._looker.see(frame_bgr, judged=self._stage in (Stage.POSITION, Stage.LAST))
        if self.verdict is None and self._whole(look):
            match self._stage:
                case Stage.POSITION | Stage.LAST:
                    self._positioned(look, at_s)
                case Stage.TURN:
                    self._turned(frame_bgr, look, at_s)
                case Stage.FRONT:
                    self._fronted(frame_bgr, look, at_s)
                case Stage.BLINK:
                    self._blinked(frame_bgr, look, at_s)
                case Stage.FLASH:
                    self._flashed(frame_bgr, look, at_s)
        if look not in self._good:
            look.wipe()
        if self.verdict is None and self._over(at_s):
            self._too_late(at_s)
        self._asked_long = self._past(at_s, self.times.of(self._stage) / 2, self.times.frames // 2)
        return self._sight(look)

    def _whole(self, look: Look) -> bool:
        """Whether this frame shows the one person the stage goes on with; too many others end the attempt."""
        alone = look.faces == 1 and not look.jumped
        if self._stage is Stage.POSITION:
            if look.flaw is not None:
                self._seen_flaws[look.flaw] += 1
            return alone
        self._lost = 0 if alone else self._lost + 1
        if look.jumped or self._lost >= _LOST_FRAMES:
            self._failed("several" if look.faces > 1 else "lost")
            return False
        return alone

    # ---- the stages

    def _positioned(self, look: Look, at_s: float) -> None:
        # whoever has just failed at something reads why, and comes back to the front
        if look.flaw is not None or (self._why is not None and not self._past(at_s, self.times.again_s, self.times.frames // 3)):
            return
        self._good.append(look)
        if len(self._good) % GOOD_LOOKS_NEEDED:
            return
        decision = self.matcher.decide(self.references, self._good)
        if isinstance(decision, Failure):  # cannot be: there are enough good looks
            raise RuntimeError(decision.code)
        self._decision = decision
        self._unsure += decision.band is not Band.MATCH
        if decision.band is Band.NO_MATCH:
            self._end(Failure("face.not_holder"))
        elif decision.band is Band.RETRY:
            if self.before.unsure + self._unsure >= MATCH_TRIES:
                self._end(Failure("face.unsure"))
            else:
                self._restart("face.guidance.again", at_s)
        elif self._stage is Stage.LAST:
            self._end(None)
        else:
            faces = [each.face.points for each in self._good if each.face is not None]
            self._front, self._who = np.mean(faces, axis=0), self.matcher.who(look)
            self._next(at_s)

    def _still_who(self, frame: Image, look: Look) -> bool:
        """Whether the one who was compared does the cue as well; the attempt has failed where it is somebody else."""
        same = self._who is not None and look.face is not None and self.matcher.same_face(self._who, frame, look.face)
        if not same:
            self._failed("changed")
        return same

    def _turned(self, frame: Image, look: Look, at_s: float) -> None:
        turn = self._turn
        if turn is None or look.face is None:
            return
        turn.see(look.face.points.copy())
        if turn.wrong_side:
            self._failed("turn_other_side")
        elif turn.passed and self._still_who(frame, look):
            self._next(at_s)

    def _fronted(self, frame: Image, look: Look, at_s: float) -> None:
        if look.face is not None and self._front is not None:
            away = abs(nose_shift(look.face.points) - nose_shift(self._front))
            if away <= self._limits.turn.front_within and self._still_who(frame, look):
                self._next(at_s)

    def _blinked(self, frame: Image, look: Look, at_s: float) -> None:
        blink = self._blink
        if blink is None or look.face is None:
            return
        blink.see(self.matcher.models, frame, look.face, at_s)
        if blink.passed and self._still_who(frame, look):
            self._next(at_s)

    def _flashed(self, frame: Image, look: Look, at_s: float) -> None:
        flash = self._flash
        if flash is None or look.face is None:
            return
        if self._step < 0:
            flash.begin(self.matcher.models, frame)
            self._step = 0
        if self._lit is None or self._lit[0] != flash.colours[self._step] or at_s <= self._lit[1]:
            return  # not lit yet
        self._since_lit += 1
        shone_s = at_s - self._lit[1]
        if self._since_lit > 2 and shone_s >= self.times.step_s / 2:
            flash.see(self._step, frame, look.face.points)
        if shone_s >= self.times.step_s and flash.seen(self._step) >= FRAMES_A_STEP:
            if not self._still_who(frame, look):
                return
            self._step += 1
            self._lit = None
        if self._step == len(flash.colours):
            answer = flash.answer()
            self._gain = answer.gain
            if answer.flaw is None:
                self._next(at_s)
            else:
                self._failed(answer.flaw.value)

    # ---- from one to the next

    def _next(self, at_s: float) -> None:
        """The stage after this one; cues that are left out are passed over."""
        order = [Stage.POSITION, Stage.TURN, Stage.FRONT, Stage.BLINK, Stage.FLASH, Stage.LAST]
        following = order[order.index(self._stage) + 1 :]
        left_out = {cue for cue in CUES if cue not in self.cues}
        if Stage.TURN in left_out:
            left_out.add(Stage.FRONT)
        self._enter(next(stage for stage in following if stage not in left_out), at_s)

    def _enter(self, stage: Stage, at_s: float) -> None:
        self._stage, self._since_s, self._frames, self._lost, self._why = stage, at_s, 0, 0, None
        if stage is Stage.TURN and self._front is not None:
            self._turn = HeadTurn(self.chance.choice(list(Side)), self._front, self._limits.turn)
        elif stage is Stage.BLINK:
            self._blink = Blink(self._limits.blink)
        elif stage is Stage.FLASH:
            colours = random_colours(self.chance, self._limits.flash.steps)
            self._flash = ColourFlash(colours, self._limits.flash, self.calibrated_gain)
            self._step, self._lit = -1, None

    def _restart(self, why: str | None, at_s: float | None) -> None:
        """Another attempt, from the position on; nothing of the one before counts."""
        for look in self._good:
            look.wipe()
        wipe([self._who])
        self._good, self._who = [], None
        self._seen_flaws.clear()
        self._stage, self._since_s, self._frames, self._lost, self._why = Stage.POSITION, at_s, 0, 0, why
        self._turn = self._blink = self._flash = None
        self._looker.forget()

    def _failed(self, flaw: str) -> None:
        self._flaws.append(flaw)
        room = [each for each in self._flaws if each in (FlashFlaw.UNSEEN, FlashFlaw.EXPOSURE)]
        if len(room) >= ROOM_ATTEMPTS:
            self._end(Failure(f"face.{room[-1]}"))
        elif self.failed_attempts >= ALIVE_ATTEMPTS:
            self._end(Failure("face.not_alive"))
        else:
            self._restart(f"face.guidance.{flaw}", None)

    def _over(self, at_s: float) -> bool:
        return self._past(at_s, self.times.of(self._stage), self.times.frames)

    def _past(self, at_s: float, seconds: float, frames: int) -> bool:
        return self._since_s is not None and at_s - self._since_s > seconds and self._frames >= frames

    def _too_late(self, at_s: float) -> None:
        match self._stage:
            case Stage.POSITION:
                seen = self._seen_flaws.most_common(1)
                self._end(Failure(f"face.{seen[0][0]}" if seen else "face.too_few_looks"))
            case Stage.TURN | Stage.FRONT:
                self._failed("turn_not_seen")
            case Stage.BLINK:
                self._failed("blink_not_seen")
            case Stage.FLASH | Stage.LAST:
                self._failed("lost")

    def _end(self, failure: Failure | None) -> None:
        attempts = min(len(self._flaws) + (self._stage is not Stage.POSITION), ALIVE_ATTEMPTS)
        self.verdict = Verdict(failure, attempts, tuple(self._flaws), self._decision, self._gain, self.spent)
        self.forget()

    def forget(self) -> None:
        """Overwrites what of the person can still be reached; the process that films ends soon after."""
        for look in self._good:
            look.wipe()
        for reference in self.references:
            reference.wipe()
        wipe([self._front, self._who])
        self._good, self._front, self._who, self._flash, self._blink, self._turn = [], None, None, None, None, None

    # ---- what goes out

    def _sight(self, look: Look) -> Sight:
        colour, arrow = None, None
        if self.verdict is not None:
            return Sight(self._stage, "face.guidance.hold_still", None, None, 1.0, self.spent)
        guidance = f"face.guidance.{look.flaw or 'hold_still'}"
        stage_share = min(len(self._good), GOOD_LOOKS_NEEDED) / GOOD_LOOKS_NEEDED
        match self._stage:
            case Stage.POSITION:
                if self._why is not None and look.flaw is None:
                    guidance = self._why
                arrow = look.arrow
            case Stage.TURN if self._turn is not None:
                more = "_more" if self._asked_long else ""
                guidance, arrow, stage_share = f"face.guidance.turn_{self._turn.side}{more}", self._turn.side.value, self._turn.progress
            case Stage.FRONT:
                guidance, stage_share = "face.guidance.front", 0.0
            case Stage.BLINK:
                guidance, stage_share = "face.guidance.blink", 0.0
            case Stage.FLASH if self._flash is not None:
                guidance = "face.guidance.colours"
                colour = self._flash.colours[self._step] if 0 <= self._step < len(self._flash.colours) else DARK
                stage_share = max(self._step, 0) / len(self._flash.colours)
        progress = (list(Stage).index(self._stage) + min(stage_share, 0.99)) / len(Stage)
        return Sight(self._stage, guidance, arrow, colour, progress, self.spent)

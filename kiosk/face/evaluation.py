"""How well faces of known people are told apart: distances, error rates with their uncertainty, and how far they can show anything.

Rates: FRR is the share of genuine pairs above a distance, FAR the share of impostor pairs up to it. Pairs of one person depend on each other, so the
intervals are bootstrapped over persons; where no error was seen a bootstrap sees none either, and the upper end is the exact bound for none of so
many persons. The FAR's bound for "none of n" counts pairs, and is therefore the most favourable that can be said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kiosk.domain.failure import Failure

Distances = npt.NDArray[np.float64]

FAR_WANTED = 0.001
PERSONS_AT_LEAST, PERSONS_WITH_PAIRS_AT_LEAST = 3, 2
PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
_CONFIDENCE = 0.95
_RESAMPLES = 400
_STEP = 0.0005  # the bootstrap sorts distances into steps of this, so that a resample costs no sorting
_SEED = 2026


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one kind of pair. sd: of the sample, None for a single pair; percentiles: by their number."""

    n: int
    mean: float
    sd: float | None
    percentiles: dict[int, float]


@dataclass(frozen=True, slots=True)
class Rate:
    """value with its interval of 95 %; threshold: the distance it belongs to."""

    value: float
    low: float
    high: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """frr_at_far: FRR at a FAR of at most 0.1 %.

    none_of_n: with no false accept among the impostor pairs, the FAR is below this with 95 % confidence.
    bands: suggested match_at_most and retry_at_most in hundredths: no impostor pair, and at most 0.1 % of them, lies below. None where the pairs
    are too few to show a FAR of 0.1 % at all: bands from a handful of people would let strangers in.
    """

    persons: int
    pictures: int
    genuine: Spread
    impostor: Spread
    eer: Rate
    frr_at_far: Rate
    none_of_n: float
    bands: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Distances of all pairs and whose they are: one and other are the persons' numbers, equal for a genuine pair."""

    distances: Distances
    one: npt.NDArray[np.intp]
    other: npt.NDArray[np.intp]

    @property
    def genuine(self) -> Distances:
        return np.asarray(self.distances[self.one == self.other], np.float64)

    @property
    def impostor(self) -> Distances:
        return np.asarray(self.distances[self.one != self.other], np.float64)


def all_pairs(matrix: Distances, persons: Sequence[int]) -> Pairs:
    """matrix: square, the distance of every two pictures; persons: whose each is."""
    first, second = np.triu_indices(len(persons), 1)
    numbers = np.asarray(persons, np.intp)
    return Pairs(np.asarray(matrix[first, second], np.float64), numbers[first], numbers[second])


def evaluate(matrix: Distances, persons: Sequence[int]) -> Evaluation | Failure:
    """Fails with `evaluation.too_few`: at least three people, two of them with more than one picture."""
    _, counts = np.unique(np.asarray(persons, np.intp), return_counts=True)
    if len(counts) < PERSONS_AT_LEAST or int((counts > 1).sum()) < PERSONS_WITH_PAIRS_AT_LEAST:
        return Failure("evaluation.too_few", detail={"persons": str(len(counts)), "several": str(int((counts > 1).sum()))})
    pairs = all_pairs(matrix, persons)
    genuine, impostor = np.sort(pairs.genuine), np.sort(pairs.impostor)
    eer, eer_at = equal_error(genuine, impostor)
    at_far = threshold_at(impostor, FAR_WANTED)
    eers, frrs = _resampled(pairs, len(counts))
    bound, unseen = none_of(len(impostor)), none_of(int((counts > 1).sum()))
    bands = (_hundredths(threshold_at(impostor, 0.0)), _hundredths(at_far)) if bound <= FAR_WANTED else None
    return Evaluation(
        len(counts),
        len(persons),
        spread(genuine),
        spread(impostor),
        _rate(eer, eers, eer_at, unseen),
        _rate(frr(genuine, at_far), frrs, at_far, unseen),
        bound,
        bands,
    )


def spread(distances: Distances) -> Spread:
    sd = float(distances.std(ddof=1)) if len(distances) > 1 else None
    return Spread(len(distances), float(distances.mean()), sd, {number: float(np.percentile(distances, number)) for number in PERCENTILES})


def frr(genuine: Distances, threshold: float) -> float:
    """genuine: sorted."""
    return 1 - float(np.searchsorted(genuine, threshold, "right")) / len(genuine)


def far(impostor: Distances, threshold: float) -> float:
    """impostor: sorted."""
    return float(np.searchsorted(impostor, threshold, "right")) / len(impostor)


def equal_error(genuine: Distances, impostor: Distances) -> tuple[float, float]:
    """Where FRR and FAR meet, and the distance; where they jump past each other, the mean of both sides at the smaller gap. Both sorted."""
    places = np.unique(np.concatenate([genuine, impostor]))
    refused = 1 - np.searchsorted(genuine, places, "right") / len(genuine)
    accepted = np.searchsorted(impostor, places, "right") / len(impostor)
    best = int(np.argmin(np.abs(refused - accepted)))
    return float(refused[best] + accepted[best]) / 2, float(places[best])


def threshold_at(impostor: Distances, rate: float) -> float:
    """The largest distance at which no more than that share of the impostor pairs would be accepted; just below the next pair's. Sorted."""
    allowed = int(rate * len(impostor))
    return float(np.nextafter(impostor[allowed], 0)) if allowed < len(impostor) else float(impostor[-1])


def none_of(n: int) -> float:
    """Upper bound of a rate of which no case was seen in n, one-sided 95 %."""
    return 1 - math.pow(1 - _CONFIDENCE, 1 / n)


def _resampled(pairs: Pairs, persons: int) -> tuple[Distances, Distances]:
    """EER and FRR at the wanted FAR for resamples of the persons; one drawn twice stands for two people, and is not its own impostor."""
    random = np.random.default_rng(_SEED)
    steps = np.ceil(pairs.distances / _STEP).astype(np.intp)
    size = int(steps.max()) + 1
    same = pairs.one == pairs.other
    eers: list[float] = []
    frrs: list[float] = []
    while len(eers) < _RESAMPLES:
        weight = np.bincount(random.integers(0, persons, persons), minlength=persons)
        genuine = np.cumsum(np.bincount(steps[same], weight[pairs.one[same]], size))
        impostor = np.cumsum(np.bincount(steps[~same], weight[pairs.one[~same]] * weight[pairs.other[~same]], size))
        if genuine[-1] == 0 or impostor[-1] == 0:  # nobody with two pictures was drawn, or one person alone
            continue
        refused, accepted = 1 - genuine / genuine[-1], impostor / impostor[-1]
        best = int(np.argmin(np.abs(refused - accepted)))
        eers.append(float(refused[best] + accepted[best]) / 2)
        allowed = np.flatnonzero(accepted <= FAR_WANTED)
        frrs.append(float(refused[allowed[-1]]) if allowed.size else 1.0)
    return np.array(eers), np.array(frrs)


def _rate(value: float, resampled: Distances, threshold: float, unseen: float) -> Rate:
    low, high = np.percentile(resampled, [100 * (1 - _CONFIDENCE) / 2, 100 * (1 + _CONFIDENCE) / 2]).tolist()
    return Rate(value, min(low, value), max(high, value) if value else max(high, unseen), threshold)


def _hundredths(distance: float) -> float:
    """Rounded down, towards the stricter band."""
    return math.floor(distance * 100) / 100

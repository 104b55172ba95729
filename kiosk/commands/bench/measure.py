"""One line of the bench, and how it is judged."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.domain.failure import Failure


@dataclass(frozen=True, slots=True)
class Line:
    """baseline: measured in the same run, in the same unit.

    limit: of the ratio where `limits_ratio`, else of the median; None where a line only tells.
    """

    name: str
    unit: str
    median: float
    p95: float
    baseline: float | None
    limit: float | None
    runs: int
    limits_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        return self.median / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool:
        if self.limit is None:
            return True
        judged = self.ratio if self.limits_ratio else self.median
        return judged is not None and judged <= self.limit

    def document(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "median": round(self.median, 3),
            "p95": round(self.p95, 3),
            "baseline": None if self.baseline is None else round(self.baseline, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "limit": self.limit,
            "ok": self.ok,
            "runs": self.runs,
        }

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"  ratio {self.ratio:.2f}"  # none of nothing
        beside = "" if self.baseline is None else f"  baseline {self.baseline:.2f}{ratio}"
        limit = "" if self.limit is None else f"  limit {'ratio ' if self.limits_ratio else ''}{self.limit:g} {'ok' if self.ok else 'NOT OK'}"
        return f"{self.name:28} median {self.median:.2f} {self.unit}  p95 {self.p95:.2f}{beside}{limit}  ({self.runs} runs)"


Measurement = Callable[[], list[Line] | Failure]


def line(
    name: str, unit: str, values: Sequence[float], baselines: Sequence[float] = (), limit: float | None = None, limits_ratio: bool = False
) -> Line:
    """A line from raw values."""
    baseline = statistics.median(baselines) if baselines else None
    return Line(name, unit, statistics.median(values), percentile(values, 0.95), baseline, limit, len(values), limits_ratio)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed; by nearest rank."""
    return sorted(values)[math.ceil(share * len(values)) - 1]

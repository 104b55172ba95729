"""How fast the simulated hall's mechanics go."""

import threading


class Pace:
    """Divides the time that mechanics take (motors, heating, feeding). Protocol time-outs are never divided."""

    def __init__(self, divisor: float = 1.0) -> None:
        self.divisor = divisor
        self._stopped = threading.Event()

    def work(self, seconds: float) -> None:
        """Lets a mechanical action of `seconds` pass; returns early when the world stops."""
        self._stopped.wait(seconds / self.divisor)

    def stop(self) -> None:
        self._stopped.set()

"""The seam between the machine's mind and whatever shows it: views go out, touches come in, from any thread."""

import threading
from collections.abc import Callable

from kiosk.view.preview import Preview
from kiosk.view.view import Touch, View


class Seam:
    """One publisher (the journey), any number of watchers (screen, script, test).

    A touch counts only while the page it answers is on, and only where that page offers it: a screen can never post `Paid`, nor answer a page
    that is gone.
    """

    def __init__(self) -> None:
        self.preview = Preview()
        self._lock = threading.Lock()
        self._view: View | None = None
        self._watchers: list[Callable[[View], None]] = []
        self._taker: Callable[[Touch], None] | None = None
        self._sleep_taker: Callable[[], None] = lambda: None
        self._stir_taker: Callable[[], None] = lambda: None
        self._touch_watchers: list[Callable[[Touch], None]] = []

    def watch(self, watcher: Callable[[View], None]) -> None:
        """`watcher` is called with each new page, on the publisher's thread; it gets the present page at once."""
        with self._lock:
            self._watchers.append(watcher)
            view = self._view
        if view is not None:
            watcher(view)

    def publish(self, view: View) -> None:
        with self._lock:
            self._view = view
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher(view)

    def take_touches(self, taker: Callable[[Touch], None]) -> None:
        """The journey says where touches go (it must be safe to call from any thread)."""
        with self._lock:
            self._taker = taker

    def take_sleep(self, taker: Callable[[], None]) -> None:
        """The journey says who is told that the first page fell asleep (safe to call from any thread)."""
        with self._lock:
            self._sleep_taker = taker

    def slept(self) -> None:
        """The screen says that the first page fell asleep: nobody has touched it or pressed a key for long."""
        with self._lock:
            taker = self._sleep_taker
        taker()

    def take_stirring(self, taker: Callable[[], None]) -> None:
        """The journey says who is told that somebody is writing (safe to call from any thread)."""
        with self._lock:
            self._stir_taker = taker

    def stirred(self) -> None:
        """The screen says that somebody is writing: no touch yet, and nothing of what they write, but they are there."""
        with self._lock:
            taker = self._stir_taker
        taker()

    def watch_touches(self, watcher: Callable[[Touch], None]) -> None:
        """`watcher` is told of each touch that counts, before the journey is, on the thread of whoever touched; it must not block."""
        with self._lock:
            self._touch_watchers.append(watcher)

    def post(self, touch: Touch) -> bool:
        """True where the touch was accepted."""
        with self._lock:
            view, taker, watchers = self._view, self._taker, tuple(self._touch_watchers)
        if view is None or taker is None or touch.serial != view.serial or not view.offers(touch.answer, touch.text):
            return False
        for watcher in watchers:
            watcher(touch)
        taker(touch)
        return True

    @property
    def view(self) -> View | None:
        with self._lock:
            return self._view

"""The wake shield: on the first page, after a minute without touch or key, the first one only wakes the screen."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtQuick import QQuickWindow

from kiosk.view import WelcomeBody
from ui.bridge.attention import Attention
from ui.bridge.page import Page

STRUCK = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TouchBegin, QEvent.Type.KeyPress)
UNHURRIED_TIMES = 3
"""So many times as long the page stays awake in the elder mode and with the voice on."""


class WakeShield(QObject):
    """Whoever leans on a sleeping machine, or touches it to see whether it works, has chosen nothing: that stroke is swallowed (a release without
    its press does nothing), and the page then stays deaf as after a change of page. Only the first page sleeps: nobody stands there."""

    def __init__(self, window: QQuickWindow, page: Page, attention: Attention, idle_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._attention = page, attention
        self.idle = QTimer(self, singleShot=True, interval=round(idle_s * 1000))
        self.idle.timeout.connect(self._quiet)
        self._quiet_times = 0
        page.changed.connect(self._page_changed)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in STRUCK:
            if self._attention.asleep:
                self._attention.sleep(False)
                self._page.deafen()
                self._rest()
                event.accept()  # a touch that nobody accepted would come again as a mouse
                return True
            self._rest()
        return False

    @property
    def _nobody_yet(self) -> bool:
        return self._page.view is not None and isinstance(self._page.view.body, WelcomeBody)

    def _rest(self) -> None:
        self._quiet_times = 0
        if self._nobody_yet:
            self.idle.start()

    def _quiet(self) -> None:
        """Who listens to the page, or reads it in large letters, is given longer: it must not fall silent before it is heard through."""
        self._quiet_times += 1
        unhurried = self._page.view is not None and self._page.view.comfort.unhurried
        if self._quiet_times < (UNHURRIED_TIMES if unhurried else 1):
            self.idle.start()
        else:
            self._attention.sleep(True)

    def _page_changed(self) -> None:
        if not self._nobody_yet:
            self.idle.stop()
            self._attention.sleep(False)
        elif self._attention.asleep and self._page.view is not None and self._page.view.comfort.voice:
            self._attention.sleep(False)  # somebody has plugged in a headset
            self._rest()
        elif not self.idle.isActive() and not self._attention.asleep:
            self._rest()

"""Watches the headset's socket. Plugging one in is how somebody who cannot see the page asks for the voice (EN 301 549, 5.2)."""

import asyncio
from collections.abc import Callable

from drivers.contract.voice import Voice

LOOK_EVERY_S = 1.0


class HeadsetWatch:
    """told: called on the loop with True when a headset was plugged in, with False when it was pulled out. One that is there from the start, a
    handset that hangs at the machine, says nothing of anybody."""

    def __init__(self, voice: Voice, told: Callable[[bool], None]) -> None:
        self._voice, self._told = voice, told

    async def keep_on(self) -> None:
        """Until it is cancelled."""
        plugged = await asyncio.to_thread(self._voice.headset)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            before, plugged = plugged, await asyncio.to_thread(self._voice.headset)
            if plugged != before:
                self._told(plugged)

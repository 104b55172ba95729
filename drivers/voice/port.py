"""Where the sound goes, as a profile says it in the port of `[devices.voice]`.

`alsa://DEVICE?headset=DEVICE&jack=JACK` plays by ALSA; DEVICE is a name of `aplay -L` (`default`, `plughw:CARD=PCH,DEV=0`). Without `headset` no
private sentence is ever said. JACK says whether a headset is plugged in:
    never (the default) · always (a handset that hangs at the machine) · `control:CARD:NAME`, a control of the sound card that is on while something
    is plugged in (`amixer -c CARD controls` lists them: `control:0:Headphone Jack`) · `/PATH`, a file that holds 1 or on meanwhile.
`timed://?headset=yes&jack=JACK&record=FILE` has no sound card: it takes as long as the sound lasts. record: the last thing said, as WAV.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_AMIXER_S = 2.0


@dataclass(frozen=True, slots=True)
class Placed:
    """headset: the device of the private output, "" for none."""

    scheme: str
    speaker: str
    headset: str
    jack: str
    record: str


def placed(port: str) -> Placed:
    """Raises ValueError for a port that cannot be read."""
    scheme, separator, rest = port.partition("://")
    device, _, query = rest.partition("?")
    options = dict(option.partition("=")[::2] for option in filter(None, query.split("&")))
    unknown = options.keys() - {"headset", "jack", "record"}
    jack = options.get("jack", "never")
    known_jack = jack in ("never", "always") or jack.startswith("/") or (jack.startswith("control:") and jack.count(":") >= 2)
    if not separator or scheme not in ("alsa", "timed") or unknown or not known_jack or (scheme == "alsa" and (not device or "record" in options)):
        raise ValueError(f"no port of a voice: {port}")
    return Placed(scheme, device or "timed", options.get("headset", ""), jack, options.get("record", ""))


def plugged(jack: str) -> bool:
    """Whether a headset is plugged in now. What cannot be asked counts as none, so that nothing private is said aloud."""
    if jack in ("never", "always"):
        return jack == "always"
    try:
        if jack.startswith("/"):
            return Path(jack).read_text(encoding="ascii").strip() in ("1", "on")
        _, card, name = jack.split(":", 2)
        command = ["amixer", "-c", card, "cget", f"iface=CARD,name={name}"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=_AMIXER_S)
        return said.returncode == 0 and ": values=on" in said.stdout
    except (OSError, UnicodeDecodeError, subprocess.SubprocessError):
        return False

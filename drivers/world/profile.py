"""The machine's profile for this hall, as TOML; paths relative to its folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from drivers.world.files import write_whole
from drivers.world.hall import BAUDS, Hall
from drivers.world.ports import HOST

_DRIVERS = {"id_reader": "samv", "card_module": "crt591m", "card_printer": "tcp300ii", "receipt_printer": "escpos", "lights": "modbus"}


def write_profile(hall: Hall, ports: Mapping[str, int]) -> Path:
    """DIR/profile.toml; the same ports and keys give the same file."""
    urls = {name: f"http://{HOST}:{port}" for name, port in ports.items()}
    hours = "Mon-Fri 09:00-17:00"
    tables: dict[str, Mapping[str, object]] = {
        "machine": {
            "id": "GZ-SIM-01",
            "simulated": True,
            "region": hall.region,
            "hall_zh": "模拟出入境接待大厅",
            "hall_en": "Simulated exit-entry hall",
            "hours": hours,
            "window": "3",
        },
        "panel": {"diagonal_inches": 21.5, "width_px": 1080, "height_px": 1920, "bottom_mm": 880.0},
        "store": {"directory": "machine"},
        "simulated": {"control_url": urls["control"], "clock_file": "clock.json", "speed": hall.speed},
        **{f"devices.{name}": {"driver": driver, "port": f"ports/{name}?baud={BAUDS[name]}"} for name, driver in _DRIVERS.items()},
        "devices.voice": {"driver": "espeak", "port": f"timed://?headset=yes&jack={hall.state.resolve()}/headset"},
        "devices.chip": {"driver": "icao", "trust": "keys/csca.pem"},
        "devices.face_camera": {"driver": "opencv", "port": urls["camera"] + "/face.mjpg"},
        "devices.back_camera": {"driver": "opencv", "port": urls["camera"] + "/back.mjpg"},
        "authority": {"url": urls["authority"], "token_file": "keys/authority.token"},
        "payment.wechat": hall.wechat_keys.profile(urls["wechat"]),
        "payment.alipay": hall.alipay_keys.profile(urls["alipay"]),
    }
    lines = ["# Written by the simulated hall at each start."]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    file = hall.state / "profile.toml"
    write_whole(file, ("\n".join(lines) + "\n").encode())
    return file


def _toml(value: object) -> str:
    """Strings, numbers and true are written in TOML as in JSON."""
    return json.dumps(value, ensure_ascii=False)

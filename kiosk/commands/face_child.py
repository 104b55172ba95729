"""The process that films: `python -m kiosk.commands.face_child LINE SHELF DRIVER PORT`, started by the machine with two inherited descriptors."""

import sys
from multiprocessing.connection import Connection

from drivers import registry
from drivers.contract.failure import Failure
from kiosk.commands.hardened import harden
from kiosk.config import assets_directory
from kiosk.face.filming.loop import Filming
from kiosk.face.filming.shelf import Shelf


def main(line: str, shelf: str, driver: str, port: str) -> int:
    harden()
    camera = registry.make("camera", driver, port)
    if isinstance(camera, Failure):
        return 1  # the machine has made the same camera by name before and knows why
    Filming(Connection(int(line)), Shelf(int(shelf)), camera, assets_directory() / "models").serve()  # type: ignore[arg-type]
    camera.close()  # type: ignore[attr-defined]
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

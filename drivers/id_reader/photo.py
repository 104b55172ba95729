"""The photo decoder is a plug-in loaded by path: the coding of the photo on the card is not public, and no decoder is shipped.

A plug-in is a Python file with `NAME` and `decode(raw)`, which takes the 1024-byte block and returns the picture as BMP, PNG or JPEG bytes, or
None where it cannot.
"""

import importlib.util
import logging
from pathlib import Path
from types import ModuleType

_log = logging.getLogger(__name__)


class PhotoDecoder:
    """Loads its plug-in at the first photo. A plug-in that is missing or broken is the same as none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._module: ModuleType | None = None

    def decode(self, raw: bytes) -> tuple[str, bytes] | None:
        """Name of the decoder and picture, None where there is no picture to be had."""
        if self._path is None:
            return None
        try:
            module = self._module or _load(self._path)
            self._module = module
            image = module.decode(raw)
        except Exception as error:  # foreign code: whatever it raises, the card's text is still good
            _log.warning("photo decoder failed: %s", type(error).__name__)
            return None
        return (str(module.NAME), bytes(image)) if image else None


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"photo_decoder_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path.name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

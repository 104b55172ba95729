"""Networks of a few weights with the inputs and outputs of YuNet and SFace, for the adapters of models that cannot be shipped."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from kiosk.face.models import TABLE

from .face_pictures import MODELS

YUNET, SFACE = "face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx"
SQUARE_PX = 320
# What the tiny detector says of each white cell of 8 x 8: a box of so many cells around the cell's corner, and the eyes so far to each side of it.
BOX_CELLS, EYE_CELLS = 5, 1.5


def tiny_yunet() -> bytes:
    """Sees a face wherever a cell of 8 x 8 pixels is white; nothing in the two coarser grids."""
    nodes, constants, outputs = [], [], []

    def constant(name: str, values: Any, kind: Any = np.float32) -> str:
        constants.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    biases = {
        "cls": [0],
        "obj": [0],
        "bbox": [0, 0, np.log(BOX_CELLS), np.log(BOX_CELLS)],
        "kps": [-EYE_CELLS, 0, EYE_CELLS, 0, 0, 1, -1, 2, 1, 2],
    }
    for stride in (8, 16, 32):
        nodes.append(helper.make_node("AveragePool", ["input"], [f"cells_{stride}"], kernel_shape=[stride] * 2, strides=[stride] * 2))
        for what, bias in biases.items():
            # The score is the cell's brightness, 0..1; the rest does not depend on the picture.
            weight = 1 / 255 / 3 if what in ("cls", "obj") and stride == 8 else 0
            weights = constant(f"w_{what}_{stride}", np.full((len(bias), 3, 1, 1), weight))
            convolved, turned, name = f"c_{what}_{stride}", f"t_{what}_{stride}", f"{what}_{stride}"
            nodes.append(helper.make_node("Conv", [f"cells_{stride}", weights, constant(f"b_{name}", bias)], [convolved], kernel_shape=[1, 1]))
            nodes.append(helper.make_node("Transpose", [convolved], [turned], perm=[0, 2, 3, 1]))
            shape = constant(f"s_{name}", [1, (SQUARE_PX // stride) ** 2, len(bias)], np.int64)
            nodes.append(helper.make_node("Reshape", [turned, shape], [name]))
            outputs.append((name, [1, (SQUARE_PX // stride) ** 2, len(bias)]))
    return _model(nodes, constants, ("input", [1, 3, SQUARE_PX, SQUARE_PX]), outputs)


def tiny_sface() -> bytes:
    """128 fixed mixtures of the picture's 8 x 8 cells and three colours."""
    mixtures = np.random.default_rng(3).normal(0, 1 / 255, (192, 128)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["data"], ["cells"], kernel_shape=[14, 14], strides=[14, 14]),
        helper.make_node("Flatten", ["cells"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mixtures"], ["fc1"]),
    ]
    return _model(nodes, [numpy_helper.from_array(mixtures, "mixtures")], ("data", [1, 3, 112, 112]), [("fc1", [1, 128])])


def _model(nodes: list[Any], constants: list[Any], taken: tuple[str, list[int]], given: list[tuple[str, list[int]]]) -> bytes:
    takes = helper.make_tensor_value_info(taken[0], TensorProto.FLOAT, taken[1])
    gives = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in given]
    graph = helper.make_graph(nodes, "tiny", [takes], gives, constants)
    return bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8).SerializeToString())


def place(directory: Path, files: dict[str, bytes], use: dict[str, str], thresholds: dict[str, Any] | None = None) -> Path:
    """The machine's models and `files` in `directory`, and the path of a table that uses them: the files' hashes, and SFace's thresholds as given."""
    for path in MODELS.iterdir():
        if path.suffix in (".tflite", ".onnx"):
            (directory / path.name).symlink_to(path)
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    for name, data in files.items():
        (directory / name).write_bytes(data)
        for entry in table.values():
            if entry.get("file") == name:
                entry["sha256"] = hashlib.sha256(data).hexdigest()
    table["use"] |= use
    table["sface"] |= thresholds or {}
    written = directory / "models.toml"
    written.write_text("".join(f"[{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items()) for name, entry in table.items()))
    return written


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool | float | int) else '"' + str(value) + '"'

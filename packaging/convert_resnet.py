"""dlib's face recognition ResNet as ONNX, so that the machine needs OpenCV alone.

The .dat is dlib's own serialization: integers are one length byte (high bit: negative) and little-endian bytes; a string is its length and
its bytes; a tensor is the integer 2, its four dimensions and little-endian float32. Layers stand from the input to the output, each introduced
by its name. The network's shape is published with dlib (dnn_face_recognition_ex): 29 convolutions, each followed by an affine layer (folded
into the convolution here), and one fully connected layer without bias.
"""

import re
from collections.abc import Iterator

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FACE_SIZE_PX = 150
_LAYER = re.compile(rb"\x01\x05con_\d|\x01\x07affine_|\x01\x04fc_\d")
# From the input on: (filters, halves the picture) for each residual block.
_BLOCKS = [
    *[(32, False)] * 3,
    *[(64, True)] + [(64, False)] * 3,
    *[(128, True)] + [(128, False)] * 2,
    *[(256, True)] + [(256, False)] * 2,
    (256, True),
]


def convert(dat: bytes) -> bytes:
    """The .dat as an ONNX file: input `face` 1x3x150x150, (RGB - mean) / 256, output `embedding` 1x128. Raises ValueError for other data."""
    tensors = list(_tensors(dat))
    if len(tensors) != 59:
        raise ValueError(f"59 layers with weights expected, {len(tensors)} found")
    network = _Network()
    folded = _folded(tensors[:-1])
    layer, size, channels = network.convolution("face", *next(folded), stride=2, padding=0), 72, 32
    layer, size = network.node("MaxPool", [network.node("Relu", [layer])], kernel_shape=[3, 3], strides=[2, 2]), 35
    for filters, halves in _BLOCKS:
        stride, padding = (2, 0) if halves else (1, 1)
        branch = network.convolution(layer, *next(folded), stride=stride, padding=padding)
        branch = network.convolution(network.node("Relu", [branch]), *next(folded), stride=1, padding=1)
        if halves:
            layer = network.node("AveragePool", [layer], kernel_shape=[2, 2], strides=[2, 2])
            convolved, size = (size - 3) // 2 + 1, (size - 2) // 2 + 1
            # dlib adds tensors of different shapes by reading zero outside the smaller one.
            branch = network.zero_padded(branch, 0, size - convolved)
            layer = network.zero_padded(layer, filters - channels, 0)
            channels = filters
        layer = network.node("Relu", [network.node("Add", [layer, branch])])
    pooled = network.node("Flatten", [network.node("GlobalAveragePool", [layer])])
    weights = network.constant(tensors[-1].reshape(256, 128))
    network.nodes.append(helper.make_node("MatMul", [pooled, weights], ["embedding"], name="embedding"))
    return network.model()


def _tensors(dat: bytes) -> Iterator[np.ndarray]:
    """Each layer's parameters, flat."""
    for found in _LAYER.finditer(dat):
        position, header = found.end(), []
        fully_connected = b"fc_" in found[0]  # its outputs and inputs are named before its tensor
        for _ in range(7 if fully_connected else 5):
            length = dat[position]
            header.append(int.from_bytes(dat[position + 1 : position + 1 + length], "little"))
            position += 1 + length
        version, *dimensions = header[-5:]
        if version != 2:
            raise ValueError(f"not a tensor after layer {found[0]!r}")
        yield np.frombuffer(dat, "<f4", int(np.prod(dimensions)), position)


def _folded(tensors: list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(weights, biases) of each convolution, its affine layer multiplied in.

    Only single float32 operations, which every computer rounds alike: the bytes of the result are pinned.
    """
    channels, kernel = 3, 7
    for convolution, affine in zip(tensors[::2], tensors[1::2], strict=True):
        filters = len(affine) // 2
        scale, shift = affine[:filters], affine[filters:]
        weights = convolution[:-filters].reshape(filters, channels, kernel, kernel)
        biases = convolution[-filters:]
        yield weights * scale[:, None, None, None], biases * scale + shift
        channels, kernel = filters, 3


class _Network:
    """Collects nodes and constants; each node is named after its place."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: np.ndarray) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operation: str, inputs: list[str], **attributes: object) -> str:
        name = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], name=name, **attributes))
        return name

    def convolution(self, layer: str, weights: np.ndarray, biases: np.ndarray, stride: int, padding: int) -> str:
        inputs = [layer, self.constant(weights.astype(np.float32)), self.constant(biases.astype(np.float32))]
        return self.node("Conv", inputs, kernel_shape=list(weights.shape[2:]), strides=[stride] * 2, pads=[padding] * 4)

    def zero_padded(self, layer: str, channels: int, pixels: int) -> str:
        if channels == pixels == 0:
            return layer
        return self.node("Pad", [layer, self.constant(np.array([0, 0, 0, 0, 0, channels, pixels, pixels], np.int64))], mode="constant")

    def model(self) -> bytes:
        face = helper.make_tensor_value_info("face", TensorProto.FLOAT, [1, 3, FACE_SIZE_PX, FACE_SIZE_PX])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, 128])
        graph = helper.make_graph(self.nodes, "dlib_face_recognition_resnet_v1", [face], [embedding], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="")
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))

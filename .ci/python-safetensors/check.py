"""Reads what write.mjs wrote, and writes python.safetensors for read.mjs."""

import json
import pathlib
import sys

import numpy as np
from documented_reader import read_checkpoint
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

directory = pathlib.Path(sys.argv[1])


def check(name, holds):
    print(("ok     " if holds else "FAILED ") + " " + name)


def same(left, right):
    """Equal shape, type and bits, so that NaN equals NaN and -0 does not equal 0."""
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()


def numbers(shape):
    index = np.arange(int(np.prod(shape)))
    return ((index * 37 % 101 - 50) / 8).astype(np.float32).reshape(shape)


def active(shape):
    index = np.arange(int(np.prod(shape)))
    return ((index * index + index // 3) % 5 == 0).reshape(shape)


shapes = {
    "conv/kernel": [3, 3, 2, 4],
    "depth/depthwise_kernel": [3, 2, 5, 2],
    "fc/kernel": [5, 7],
    "fc/bias": [7],
    'größe "\\ 重み.mask': [2, 9],
    "scale": [],
    "nothing": [0, 3],
}
masked = ["conv/kernel", "fc/kernel", 'größe "\\ 重み.mask', "nothing"]
expected = {name: np.where(active(shape) | (name not in masked), numbers(shape), np.float32(0)) for name, shape in shapes.items()}
expected["fc/kernel"].flat[0] = np.nan
expected["fc/kernel"].flat[3] = -np.inf
expected["fc/bias"][:2] = [-0.0, 2**-149]

dense = load_file(directory / "dense.safetensors")
check("the dense export holds every weight and nothing else", sorted(dense) == sorted(shapes))
for name, weight in expected.items():
    check(f"dense {name!r}: shape, values and zeros", same(dense[name], weight))

torch = load_file(directory / "pytorch.safetensors")
orders = {"conv/kernel": (3, 2, 0, 1), "fc/kernel": (1, 0), 'größe "\\ 重み.mask': (1, 0), "nothing": (1, 0)}
for name, weight in expected.items():
    if name == "depth/depthwise_kernel":
        turned = weight.transpose(2, 3, 0, 1).reshape(10, 1, 3, 2)
    else:
        turned = weight.transpose(orders[name]) if name in orders else weight
    check(f"pytorch layout of {name!r}", same(torch[name], np.ascontiguousarray(turned) if turned.ndim else turned))
with safe_open(directory / "pytorch.safetensors", "np") as file:
    transposed = {name: tuple(order) for name, order in json.loads(file.metadata()["espalier.transposed"]).items()}
    check("the metadata names the layout", file.metadata()["espalier.layout"] == "pytorch")
    check("the metadata lists what was transposed", transposed == {**orders, "depth/depthwise_kernel": (2, 3, 0, 1)})

raw = load_file(directory / "sparse.safetensors")
check("Python's safetensors accepts the checkpoint", raw["fc/kernel.values"].dtype == np.float32)
for name in masked:
    bits = np.packbits(active(shapes[name]).ravel(), bitorder="little")
    check(f"packed mask of {name!r} is numpy.packbits of the mask", same(raw[f"{name}.mask"], bits))
    check(f"stored values of {name!r} are the active ones", same(raw[f"{name}.values"], expected[name][active(shapes[name])]))

weights, masks, slots, metadata = read_checkpoint(directory / "sparse.safetensors")
check("the documented reader finds the weights in the model's order", list(weights) == list(shapes))
check("the documented reader finds the masks", list(masks) == masked)
for name, weight in expected.items():
    check(f"documented reader: weight {name!r}", same(weights[name], weight))
for name in masked:
    check(f"documented reader: mask {name!r}", same(masks[name], active(shapes[name])))
accumulator = np.where(active([5, 7]), numbers([5, 7]) ** 2, np.float32(0.1))
check("documented reader: slot of a masked weight", same(slots["fc/kernel", "accumulator"], accumulator))
check("documented reader: slot of a dense weight", same(slots["fc/bias", "accumulator"], numbers([7]) ** 2))
check("documented reader: clock", metadata["clock"] == {"step": 12, "position": 10, "round": 1})
check("documented reader: text", metadata["state"] == {"text": 'weiß "quoted" \\ \u2028'})
weights, masks, slots, metadata = read_checkpoint(directory / "hooked.safetensors")
check("reparameterized: the effective weight", same(weights["fc/kernel"], expected["fc/kernel"]))
check("reparameterized: its slot is dense", same(slots["fc/kernel", "accumulator"], numbers([5, 7]) ** 2))
other = np.where(active([3, 3, 2, 4]), numbers([3, 3, 2, 4]) ** 2, np.float32(0.1))
check("reparameterized: the slot of another weight is masked", same(slots["conv/kernel", "accumulator"], other))
raw = load_file(directory / "hooked.safetensors")
check("reparameterized: the raw weight is dense", same(raw["fc/kernel.raw"], numbers([5, 7])))
check("reparameterized: a parameter and its slot", same(raw["0:fc/kernel/threshold.parameter"], np.float32([-5, 0.25])))
try:
    read_checkpoint(directory / "damaged.safetensors")
    check("the documented reader refuses a damaged file", False)
except ValueError as error:
    check("the documented reader refuses a damaged file", "checksum" in str(error))

save_file(
    {
        "f32": numbers([2, 3]),
        "f16": np.array([1.5, -0.0, 6e-8, np.inf], np.float16),
        "f64": np.array([0.1], np.float64),
        "u8": np.array([[0, 255]], np.uint8),
        "i32": np.array(-5, np.int32),
        "i64": np.array([-(2**62)], np.int64),
        "bool": np.array([True, False, True]),
        "empty": np.zeros((0, 4), np.float32),
        "größe/重み": np.array([7], np.float32),
    },
    directory / "python.safetensors",
    {"note": 'weiß "quoted"'},
)

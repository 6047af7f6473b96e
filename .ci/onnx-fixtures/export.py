"""Writes small networks as PyTorch's exporters do, with an input and the outputs, into the folder given."""
import base64
import json
import pathlib
import sys

import torch
from nets import NETS, make

folder = pathlib.Path(sys.argv[1])
batch = torch.export.Dim("batch")
KINDS = {
    "script": {"dynamo": False, "opset_version": 17, "dynamic_axes": {"x": {0: "batch"}}},
    "dynamo": {"dynamo": True, "dynamic_shapes": ({0: batch},), "external_data": False},
    # As nothing is folded, batch normalization and the computation of shapes stay.
    "unfolded": {
        "dynamo": False,
        "opset_version": 11,
        "do_constant_folding": False,
        "training": torch.onnx.TrainingMode.PRESERVE,
        "dynamic_axes": {"x": {0: "batch"}},
    },
}


def array(tensor):
    return {"shape": list(tensor.shape), "values": base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()}


for name in NETS:
    network, x = make(name)
    with torch.no_grad():
        outputs = network(x)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    for kind, options in KINDS.items():
        torch.onnx.export(network, (x,), str(folder / f"{name}-{kind}.onnx"), input_names=["x"], **options)
    expected = {"input": array(x), "outputs": [array(output) for output in outputs]}
    (folder / f"{name}.json").write_text(json.dumps(expected) + "\n")

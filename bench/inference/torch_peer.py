"""PyTorch as a peer of bench/inference: runs the folded dense graph, one request per line on standard input."""

import json
import sys
import time
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))
torch.set_grad_enabled(False)

ACTIVATIONS = {"linear": lambda x: x, "relu": F.relu_, "relu6": lambda x: F.hardtanh_(x, 0.0, 6.0)}


class Network(nn.Module):
    """A graph of @espalier/runtime; kernels lie one after the other in a file of floats, already in PyTorch's order."""

    def __init__(self, graph: dict, path: str) -> None:
        super().__init__()
        self.graph = graph
        floats = torch.from_file(path, size=graph["floats"], dtype=torch.float32)
        for node in graph["nodes"]:
            for part in ("kernel", "bias"):
                if part in node:
                    begin, shape = node[part]["begin"], node[part]["shape"]
                    size = torch.Size(shape).numel()
                    values = floats[begin : begin + size].reshape(shape).clone()
                    self.register_parameter(f"{node['name']}_{part}", nn.Parameter(values, requires_grad=False))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        values = {self.graph["input"]: image}
        for node in self.graph["nodes"]:
            values[node["name"]] = self.evaluate(node, [values[name] for name in node["inputs"]])
        return values[self.graph["output"]]

    def evaluate(self, node: dict, inputs: list) -> torch.Tensor:
        x = inputs[0]
        kind = node["kind"]
        if kind == "convolution":
            kernel, bias = getattr(self, f"{node['name']}_kernel"), getattr(self, f"{node['name']}_bias")
            top, bottom, left, right = node["padding"]
            if top == bottom and left == right:
                padding = (top, left)
            else:
                x, padding = F.pad(x, (left, right, top, bottom)), 0
            x = F.conv2d(x, kernel, bias, tuple(node["strides"]), padding, 1, node["groups"])
            return ACTIVATIONS[node["activation"]](x)
        if kind == "add":
            return ACTIVATIONS[node["activation"]](inputs[0] + inputs[1])
        if kind == "pool":
            return F.max_pool2d(x, node["size"], node["strides"], node["padding"][0])
        if kind == "globalPool":
            return F.adaptive_avg_pool2d(x, 1).flatten(1)
        return F.linear(x, getattr(self, f"{node['name']}_kernel"), getattr(self, f"{node['name']}_bias"))


def candidates(request: dict) -> dict:
    shape = torch.Size(request["shape"])
    images = torch.from_file(request["images"], size=shape.numel(), dtype=torch.float32).reshape(shape).clone()
    build = lambda: Network(request["graph"], request["weights"]).eval()
    plain, last = build(), build().to(memory_format=torch.channels_last)
    images_last = images.to(memory_format=torch.channels_last)
    found = {"eager": lambda: plain(images), "eager channels_last": lambda: last(images_last)}
    for name, model, x in (("jit", plain, images), ("jit channels_last", last, images_last)):
        frozen = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
        frozen(x), frozen(x)
        found[name] = lambda frozen=frozen, x=x: frozen(x)
    return found


def seconds(run, repetitions: int) -> float:
    begin = time.perf_counter()
    for _ in range(repetitions):
        run()
    return (time.perf_counter() - begin) / repetitions


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "load":
        tried = {name: min(seconds(run, 1) for _ in range(6)) for name, run in candidates(request).items()}
        best = min(tried, key=tried.get)
        run = candidates(request)[best]
        run()
        answer = {
            "version": torch.__version__,
            "threads": torch.get_num_threads(),
            "best": best,
            "tried": {name: value * 1000 for name, value in tried.items()},
            "logits": run().flatten().tolist(),
        }
    else:
        answer = {"milliseconds": seconds(run, request["repetitions"]) * 1000}
    print(json.dumps(answer), flush=True)

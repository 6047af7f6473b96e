"""Peer of bench/train-step: the same step in PyTorch, one request per line on standard input."""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch_networks import NETWORKS

torch.set_num_threads(1)


torch.manual_seed(1)
layout = torch.channels_last if sys.argv[1] == "channels_last" else torch.contiguous_format
build, batch, side, classes, per_pixel = NETWORKS[sys.argv[2]]
model = build().to(memory_format=layout)
images = torch.randn(batch, 3, side, side).to(memory_format=layout)
labels = torch.arange(batch * side * side if per_pixel else batch) % classes
labels = labels.reshape(batch, side, side) if per_pixel else labels
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)


def step() -> float:
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "describe":
        parameters = sum(parameter.numel() for parameter in model.parameters())
        answer = {"description": {"name": "torch", "version": torch.__version__, "parameters": parameters}}
    elif request["do"] == "warm":
        answer = {"losses": [step() for _ in range(request["steps"])]}
    else:
        seconds, processor_seconds = [], []
        for _ in range(request["steps"]):
            begin, begin_processor = time.perf_counter(), time.process_time()
            step()
            seconds.append(time.perf_counter() - begin)
            processor_seconds.append(time.process_time() - begin_processor)
        answer = {"seconds": seconds, "processorSeconds": processor_seconds}
    print(json.dumps(answer), flush=True)

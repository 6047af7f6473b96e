"""Peer of bench/train-step: the same ResNet-20 step in PyTorch, one request per line on standard input."""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)


class Block(nn.Module):
    """Two 3x3 convolutions and He's option A shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.extra = (outputs - inputs) // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        if self.stride != 1:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.extra, self.extra))
        return F.relu(x + y)


class ResNet20(nn.Module):
    """The CIFAR-10 network of He et al. 2016, section 4.2."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        shapes = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
        self.blocks = nn.Sequential(*(Block(*shape) for shape in shapes))
        self.logits = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.norm(self.conv(x)))
        return self.logits(self.blocks(x).mean((2, 3)))


torch.manual_seed(1)
layout = torch.channels_last if sys.argv[1] == "channels_last" else torch.contiguous_format
model = ResNet20().to(memory_format=layout)
images = torch.randn(64, 3, 32, 32).to(memory_format=layout)
labels = torch.arange(64) % 10
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
        seconds = []
        for _ in range(request["steps"]):
            begin = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - begin)
        answer = {"seconds": seconds}
    print(json.dumps(answer), flush=True)

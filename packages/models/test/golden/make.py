#!/usr/bin/env python3
"""Makes logits.json, the golden logits of parity.alone.test.ts: what PyTorch's nets say to weights that both sides work out.

    bash .ci/torch-logits.sh

No weight is stored. Every tensor is filled by a formula of its name, its shape and the index of the entry, with integers of 32
bits and IEEE doubles only, so that Python and JavaScript get the same 32-bit floats: see `fill`. The nets are torchvision's
and timm's, or small ones written here where these have none, in evaluation mode and on the CPU.
"""
import json
import pathlib
import sys

import numpy as np
import timm
import torch
import torchvision
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from formula import uniform

BATCH, CLASSES = 2, 10


def fill(name, shape, gain):
    """Kernels: uniform with variance gain / fan-in. Vectors: around 1 (scale, variance) or 0 (the rest), at most 0.2 away."""
    values = uniform(name, int(np.prod(shape)))
    if len(shape) > 1:
        values = values * np.sqrt(3 * gain / np.prod(shape[1:]))
    else:
        center = 1 if name.endswith("running_var") or name.endswith("weight") else 0
        values = center + 0.2 * values
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


class CifarBlock(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, after // before, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        step, extra = self.conv1.stride[0], y.shape[1] - x.shape[1]
        shortcut = nn.functional.pad(x[:, :, ::step, ::step], (0, 0, 0, 0, extra // 2, extra // 2))
        return torch.relu(y + shortcut)


def cifar_resnet(blocks):
    """He et al. 2016, section 4.2, option A."""
    sizes = [16, 32, 64]
    stages = [[CifarBlock(before, after)] + [CifarBlock(after, after) for _ in range(blocks - 1)]
              for before, after in zip([16] + sizes, sizes)]
    net = nn.Sequential()
    net.conv1, net.bn1, net.relu = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
    net.layer1, net.layer2, net.layer3 = (nn.Sequential(*stage) for stage in stages)
    net.pool, net.flatten, net.linear = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES)
    return net


def mobilenet():
    """Howard et al. 2017, table 1, with zeros on all sides and ReLU."""
    def step(before, after, size, stride, groups=1):
        return [nn.Conv2d(before, after, size, stride, size // 2, groups=groups, bias=False),
                nn.BatchNorm2d(after), nn.ReLU()]

    blocks = [nn.Sequential(*step(3, 32, 3, 2))]
    channels = 32
    for after, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + 5 * [(512, 1)] + [(1024, 2), (1024, 1)]:
        blocks.append(nn.Sequential(*step(channels, channels, 3, stride, channels), *step(channels, after, 1, 1)))
        channels = after
    net = nn.Sequential()
    net.model, net.pool, net.flatten = nn.Sequential(*blocks), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    net.fc = nn.Linear(1024, CLASSES)
    return net


class WideBlock(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(before)
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.convShortcut = nn.Conv2d(before, after, 1, stride, bias=False) if before != after else None

    def forward(self, x):
        y = torch.relu(self.bn1(x))
        shortcut = x if self.convShortcut is None else self.convShortcut(y)
        return shortcut + self.conv2(torch.relu(self.bn2(self.conv1(y))))


def wide_resnet(blocks, widen):
    """Zagoruyko and Komodakis 2016, table 1."""
    sizes = [16, 16 * widen, 32 * widen, 64 * widen]
    net = nn.Sequential()
    net.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
    for stage in (1, 2, 3):
        block = nn.Module()
        first = WideBlock(sizes[stage - 1], sizes[stage], 1 if stage == 1 else 2)
        holder = nn.Sequential()
        holder.layer = nn.Sequential(first, *[WideBlock(sizes[stage], sizes[stage], 1) for _ in range(blocks - 1)])
        net.add_module(f"block{stage}", holder)
    net.bn1, net.relu, net.pool, net.flatten = nn.BatchNorm2d(sizes[3]), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    net.fc = nn.Linear(sizes[3], CLASSES)
    return net


def narrow_vgg16():
    """torchvision's VGG with an eighth of the channels, 96 hidden, and no adaptive pooling."""
    widths = [8, 8, "M", 16, 16, "M"] + 3 * [32] + ["M"] + 2 * (3 * [64] + ["M"])
    net = torchvision.models.VGG(torchvision.models.vgg.make_layers(widths), num_classes=CLASSES, init_weights=False)
    net.avgpool = nn.Identity()
    net.classifier[0], net.classifier[3] = nn.Linear(64 * 2 * 3, 96), nn.Linear(96, 96)
    net.classifier[6] = nn.Linear(96, CLASSES)
    return net


def rigl_resnet50():
    """torchvision's ResNet-50, its max pooling bordered below and at the right only."""
    net = torchvision.models.resnet50(num_classes=CLASSES)
    net.maxpool = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(3, 2))
    return net


# Other widths than 1; the last came from TensorFlow, with its padding and its epsilon.
TIMM = [("mobilenetv2_050", 2), ("mobilenetv3_large_075", 1.65), ("mobilenetv3_small_050", 2), ("tf_mobilenetv3_small_100", 2.25)]

# Builder, image, gain: one that gives logits between 1 and 20, so that 1e-4 is a test.
NETS = {
    "resnet18": (lambda: torchvision.models.resnet18(num_classes=CLASSES), (40, 36), 1),
    "resnet50": (lambda: torchvision.models.resnet50(num_classes=CLASSES), (40, 36), 1),
    "riglResNet50": (rigl_resnet50, (40, 36), 1),
    "resnet20": (lambda: cifar_resnet(3), (32, 28), 1),
    "resnet56": (lambda: cifar_resnet(9), (32, 28), 0.5),
    "mobileNetV1": (mobilenet, (40, 36), 2.3),
    "wideResNet": (lambda: wide_resnet(2, 2), (32, 28), 1),
    "vgg16": (narrow_vgg16, (64, 96), 2),
    "mobileNetV2": (lambda: torchvision.models.mobilenet_v2(num_classes=CLASSES), (40, 36), 2),
    "mobileNetV3Large": (lambda: torchvision.models.mobilenet_v3_large(num_classes=CLASSES), (40, 36), 1.7),
    "mobileNetV3Small": (lambda: torchvision.models.mobilenet_v3_small(num_classes=CLASSES), (40, 36), 2.25),
    **{name: (lambda name=name: timm.create_model(name, num_classes=CLASSES), (40, 36), gain) for name, gain in TIMM},
}


def main():
    torch.set_num_threads(1)
    nets = {}
    for name, (build, (height, width), gain) in NETS.items():
        net = build().eval()
        shapes = {key: list(value.shape) for key, value in net.state_dict().items() if value.ndim > 0}
        net.load_state_dict({key: fill(key, shape, gain) for key, shape in shapes.items()}, strict=False)
        size = [BATCH, 3, height, width]
        image = torch.from_numpy((2 * uniform("image", int(np.prod(size)))).astype(np.float32).reshape(size))
        with torch.no_grad():
            logits = [[float(x) for x in row] for row in net(image)]
        parameters = sum(value.numel() for value in net.parameters())
        nets[name] = {"image": size, "gain": gain, "parameters": parameters, "tensors": shapes, "logits": logits}
        print(name, parameters, max(abs(x) for row in logits for x in row), file=sys.stderr)
    lines = ",\n".join(f'  {json.dumps(name)}: {json.dumps(net, separators=(",", ":"))}' for name, net in nets.items())
    versions = ", ".join(f'"{library.__name__}": "{library.__version__}"' for library in (torch, torchvision, timm))
    print(f'{{{versions}, "nets": {{\n{lines}\n}}}}')


main()

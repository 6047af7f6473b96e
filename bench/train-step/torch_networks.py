"""The networks of networks.mjs in PyTorch, with the same layers and sizes."""

import torch
import torch.nn.functional as F
from torch import nn

# Blocks of a stage, kernel size, stride of the first, expansion, output channels; EfficientNet-B0 and MobileNetV2.
B0 = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192)]
B0 += [(1, 3, 1, 6, 320)]
V2 = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (3, 3, 2, 6, 32), (4, 3, 2, 6, 64), (3, 3, 1, 6, 96), (3, 3, 2, 6, 160)]
V2 += [(1, 3, 1, 6, 320)]


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


def relu6() -> nn.Module:
    return nn.ReLU6(inplace=True)


def silu() -> nn.Module:
    return nn.SiLU(inplace=True)


def relu() -> nn.Module:
    return nn.ReLU(inplace=True)


def convolve(inputs: int, outputs: int, size: int, stride: int, activation=None, groups: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01)] + ([activation()] if activation else [])


class SqueezeExcite(nn.Module):
    """Scales every channel by what all of its pixels say."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.inner = nn.Linear(channels, squeezed)
        self.outer = nn.Linear(squeezed, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = torch.sigmoid(self.outer(F.silu(self.inner(x.mean((2, 3))))))
        return x * scale[:, :, None, None]


class InvertedResidual(nn.Module):
    """Expansion, depthwise convolution, perhaps squeeze-and-excitation, projection."""

    def __init__(self, inputs, outputs, size, stride, expansion, activation, squeezes) -> None:
        super().__init__()
        wide = inputs * expansion
        layers = convolve(inputs, wide, 1, 1, activation) if expansion > 1 else []
        layers += convolve(wide, wide, size, stride, activation, wide)
        layers += [SqueezeExcite(wide, max(1, inputs // 4))] if squeezes else []
        self.layers = nn.Sequential(*layers, *convolve(wide, outputs, 1, 1))
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x) if self.shortcut else self.layers(x)


def inverted_residuals(stages, activation, squeezes: bool = False) -> nn.Module:
    layers = convolve(3, 32, 3, 2, activation)
    inputs = 32
    for repeats, size, stride, expansion, outputs in stages:
        for index in range(repeats):
            step = stride if index == 0 else 1
            layers.append(InvertedResidual(inputs, outputs, size, step, expansion, activation, squeezes))
            inputs = outputs
    layers += convolve(inputs, 1280, 1, 1, activation)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 101))


class UNet(nn.Module):
    """Three levels; on the way up a transposed convolution, a bilinear and a nearest upsampling."""

    def __init__(self) -> None:
        super().__init__()

        def twice(inputs: int, outputs: int) -> nn.Module:
            return nn.Sequential(*convolve(inputs, outputs, 3, 1, relu), *convolve(outputs, outputs, 3, 1, relu))

        self.down = nn.ModuleList([twice(3, 16), twice(16, 32), twice(32, 64)])
        self.bottom = twice(64, 128)
        self.ups = nn.ModuleList([
            nn.ConvTranspose2d(128, 64, 2, 2),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Upsample(scale_factor=2, mode="nearest"),
        ])
        self.up = nn.ModuleList([twice(128, 64), twice(96, 32), twice(48, 16)])
        self.logits = nn.Conv2d(16, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottom(x)
        for upsample, block in zip(self.ups, self.up):
            x = block(torch.cat([upsample(x), skips.pop()], 1))
        return self.logits(x)


# What is trained: a network, images of a batch, their side, classes of a label, and whether every pixel has one.
NETWORKS = {
    "resnet20 32 px": (ResNet20, 64, 32, 10, False),
    "efficientnet-lite0 128 px": (lambda: inverted_residuals(B0, relu6), 32, 128, 101, False),
    "mobilenet-v2 128 px": (lambda: inverted_residuals(V2, relu6), 32, 128, 101, False),
    "efficientnet-b0 128 px": (lambda: inverted_residuals(B0, silu, True), 16, 128, 101, False),
    "u-net 128 px": (UNet, 8, 128, 4, True),
}

"""Small networks in the forms that PyTorch's exporters write."""
import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(o)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(o)
        self.downsample = None
        if stride != 1 or i != o:
            self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """As ResNet-18: a pool with padding, strides, view of the batch."""
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Block(4, 4, 1))
        self.layer2 = nn.Sequential(Block(4, 6, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = self.layer2(self.layer1(self.maxpool(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class InvertedResidual(nn.Module):
    def __init__(self, i, o, stride, expand, act):
        super().__init__()
        h = i * expand
        self.conv = nn.Sequential(
            nn.Conv2d(i, h, 1, bias=False), nn.BatchNorm2d(h), act(),
            nn.Conv2d(h, h, 3, stride, 1, groups=h, bias=False), nn.BatchNorm2d(h), act(),
            nn.Conv2d(h, o, 1, bias=False), nn.BatchNorm2d(o))
        self.use = stride == 1 and i == o

    def forward(self, x):
        return x + self.conv(x) if self.use else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU6()),
            InvertedResidual(4, 4, 1, 2, nn.ReLU6), InvertedResidual(4, 6, 2, 2, nn.ReLU6))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 5))

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.mean([2, 3]))


class SqueezeExcite(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1 = nn.Conv2d(c, 2, 1)
        self.fc2 = nn.Conv2d(2, c, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.fc2(F.relu(self.fc1(F.adaptive_avg_pool2d(x, 1)))))


class MobileNetV3(nn.Module):
    """Squeeze and excitation, hard-swish, SiLU, GELU."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.BatchNorm2d(4), nn.Hardswish())
        self.se = SqueezeExcite(4)
        self.mid = nn.Sequential(nn.Conv2d(4, 6, 3, padding=1), nn.SiLU(), nn.Conv2d(6, 6, 1), nn.GELU())
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        x = self.mid(self.se(self.stem(x)))
        return F.softmax(self.fc(F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)), dim=1)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        c = lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.LeakyReLU(0.1))
        self.down1, self.down2, self.bottom = c(2, 4), c(4, 6), c(6, 8)
        self.up2 = nn.ConvTranspose2d(8, 6, 2, 2)
        self.dec2 = c(12, 6)
        self.up1 = nn.ConvTranspose2d(6, 4, 3, 2, 1, 1)
        self.dec1 = c(8, 4)
        self.head = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        z = self.bottom(F.max_pool2d(b, 2))
        z = self.dec2(torch.cat([self.up2(z), b], 1))
        z = self.dec1(torch.cat([self.up1(z), a], 1))
        return torch.sigmoid(self.head(z))


class ViewHead(nn.Module):
    """Rows of images in PyTorch's order, with what may stand between; normalization of the input."""
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.2, 0.3, 0.25]).view(1, 3, 1, 1))
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.prelu = nn.PReLU(4)
        self.fc1 = nn.Linear(4 * 4 * 5, 6)
        self.bn = nn.BatchNorm1d(6)
        self.fc2 = nn.Linear(6, 3)

    def forward(self, x):
        x = (x - self.mean) / self.std
        x = F.avg_pool2d(self.prelu(self.conv(x)), 2)
        x = F.dropout(torch.relu(x.view(x.shape[0], -1)), 0.5, self.training)
        return F.log_softmax(self.fc2(F.elu(self.bn(self.fc1(x)))), dim=1)


class Mixed(nn.Module):
    """Nearest enlargement, padding, channels that are shuffled, two outputs."""
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.depth = nn.Conv2d(4, 8, 3, groups=4, padding=1)
        self.conv1 = nn.Conv1d(4, 5, 3, padding=1)

    def forward(self, x):
        x = F.pad(self.conv(x), (1, 1, 2, 0))
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        up = F.interpolate(x, scale_factor=2, mode="nearest")
        row = torch.tanh(self.conv1(x.mean(3)))
        return self.depth(up) * 0.5 + 1, row * 2 - 1, F.gelu(x, approximate="tanh")


NETS = {
    "resnet": (ResNet, (3, 32, 32)), "mobilenetv2": (MobileNetV2, (3, 16, 16)), "mobilenetv3": (MobileNetV3, (3, 16, 16)),
    "unet": (UNet, (2, 8, 12)), "view-head": (ViewHead, (3, 8, 10)), "mixed": (Mixed, (3, 10, 9)),
}


def make(name):
    torch.manual_seed(7)
    kind, shape = NETS[name]
    net = kind().eval()
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.BatchNorm1d)):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return net, torch.rand(2, *shape) * 2 - 1

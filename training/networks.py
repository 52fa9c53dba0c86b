"""The networks for CIFAR-10 in PyTorch. Parameters have the names of Layerscope's graphs.

The versions of AlexNet, VGG-16, GoogLeNet and ResNet-18 have every layer of the original in its place. Pictures of
32x32 are seven times smaller than the originals', so the first convolution has stride 1 and a kernel of 3x3 or 5x5.
The first pooling stays. Convolutions have half the channels (VGG three eighths), fully connected layers an eighth of
the units (those of auxiliary classifiers half), and there are ten logits.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class LRN(nn.LocalResponseNorm):
    """PyTorch's LRN over five channels with beta = 0.75, several times as fast on a CPU. It divides alpha by five."""

    def __init__(self, alpha, k):
        super().__init__(5, alpha, 0.75, k)

    def forward(self, x):
        squares = F.pad(x * x, (0, 0, 0, 0, 2, 2))
        around = sum(squares[:, at : at + x.shape[1]] for at in range(5))
        root = torch.rsqrt(self.k + self.alpha / 5 * around)
        return x * root * torch.sqrt(root)


class AlexNet(nn.Module):
    """Krizhevsky et al. 2012, section 3.5: towers as groups, LRN after ReLU, overlapping pooling."""

    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 48, 5, padding=2), LRN(5e-4, 2.0)
        self.conv2, self.norm2 = nn.Conv2d(48, 128, 5, padding=2, groups=2), LRN(5e-4, 2.0)
        self.conv3 = nn.Conv2d(128, 192, 3, padding=1)
        self.conv4 = nn.Conv2d(192, 192, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(192, 128, 3, padding=1, groups=2)
        self.fc6, self.fc7, self.fc8 = nn.Linear(128 * 9, 512), nn.Linear(512, 512), nn.Linear(512, 10)

    def forward(self, x):
        x = F.max_pool2d(self.norm1(F.relu(self.conv1(x))), 3, 2)
        x = F.max_pool2d(self.norm2(F.relu(self.conv2(x))), 3, 2)
        x = F.relu(self.conv4(F.relu(self.conv3(x))))
        x = F.max_pool2d(F.relu(self.conv5(x)), 3, 2).flatten(1)
        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
        return self.fc8(x)


class VGG16(nn.Module):
    """Simonyan and Zisserman 2014, table 1, column D."""

    def __init__(self):
        super().__init__()
        layers, cin = [], 3
        for width, count in ((24, 2), (48, 2), (96, 3), (192, 3), (192, 3)):
            for _ in range(count):
                layers += [nn.Conv2d(cin, width, 3, padding=1), nn.ReLU()]
                cin = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        head = [nn.Linear(192, 512), nn.ReLU(), nn.Dropout(), nn.Linear(512, 512), nn.ReLU(), nn.Dropout()]
        self.classifier = nn.Sequential(*head, nn.Linear(512, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class ConvReLU(nn.Conv2d):
    def forward(self, x):
        return F.relu(super().forward(x))


class Inception(nn.Module):
    """Szegedy et al. 2014, figure 2 (b), with half the channels of a row of table 1."""

    def __init__(self, cin, row):
        super().__init__()
        c1, c3r, c3, c5r, c5, cp = (width // 2 for width in row)
        self.branch1 = ConvReLU(cin, c1, 1)
        self.branch2_reduce, self.branch2 = ConvReLU(cin, c3r, 1), ConvReLU(c3r, c3, 3, padding=1)
        self.branch3_reduce, self.branch3 = ConvReLU(cin, c5r, 1), ConvReLU(c5r, c5, 5, padding=2)
        self.branch4 = ConvReLU(cin, cp, 1)
        self.channels = c1 + c3 + c5 + cp

    def forward(self, x):
        pooled = F.max_pool2d(x, 3, 1, 1)
        branches = (self.branch2(self.branch2_reduce(x)), self.branch3(self.branch3_reduce(x)), self.branch4(pooled))
        return torch.cat((self.branch1(x), *branches), 1)


class Auxiliary(nn.Module):
    """Szegedy et al. 2014, section 5: an auxiliary classifier, on maps of 4x4."""

    def __init__(self, cin):
        super().__init__()
        self.conv, self.fc1, self.fc2 = ConvReLU(cin, 64, 1), nn.Linear(64 * 4, 512), nn.Linear(512, 10)

    def forward(self, x):
        x = self.conv(F.avg_pool2d(x, 2)).flatten(1)
        return self.fc2(F.dropout(F.relu(self.fc1(x)), 0.7, self.training))


class GoogLeNet(nn.Module):
    """Szegedy et al. 2014, table 1: biases and LRN, no batch norm. In training it returns three sets of logits."""

    ROWS = {
        "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
        "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64),
        "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
        "4e": (256, 160, 320, 32, 128, 128),
        "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
    }

    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = ConvReLU(3, 32, 3, padding=1), LRN(1e-4, 1.0)
        self.conv2_reduce, self.conv2 = ConvReLU(32, 32, 1), ConvReLU(32, 96, 3, padding=1)
        self.norm2 = LRN(1e-4, 1.0)
        channels = 96
        for name, row in self.ROWS.items():
            module = Inception(channels, row)
            setattr(self, f"inception{name}", module)
            channels = module.channels
            if name == "4a":
                self.aux1 = Auxiliary(channels)
            if name == "4d":
                self.aux2 = Auxiliary(channels)
        self.fc = nn.Linear(channels, 10)

    def forward(self, x):
        halve = lambda maps: F.max_pool2d(maps, 3, 2, ceil_mode=True)
        x = self.norm1(halve(self.conv1(x)))
        x = halve(self.norm2(self.conv2(self.conv2_reduce(x))))
        auxiliary = []
        for name in self.ROWS:
            x = getattr(self, f"inception{name}")(x)
            if name in ("3b", "4e"):
                x = halve(x)
            if name in ("4a", "4d"):
                auxiliary.append((self.aux1 if name == "4a" else self.aux2)(x))
        x = F.avg_pool2d(x, 2).flatten(1)
        scores = self.fc(F.dropout(x, 0.4, self.training))
        return (scores, *auxiliary) if self.training else scores


def conv3x3(cin, cout, stride=1):
    return nn.Conv2d(cin, cout, 3, stride, 1, bias=False)


class Block(nn.Module):
    """He et al. 2015, figure 5. The shortcut projects where sizes change (option B), pads (option A), or is missing."""

    def __init__(self, cin, cout, stride, shortcut):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(cin, cout, stride), nn.BatchNorm2d(cout)
        self.conv2, self.bn2 = conv3x3(cout, cout), nn.BatchNorm2d(cout)
        self.stride, self.grow, self.shortcut = stride, cout - cin, shortcut
        changes = stride != 1 or cin != cout
        if shortcut == "project" and changes:
            self.downsample = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))
        self.changes = changes

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.shortcut == "project":
            y = y + (self.downsample(x) if self.changes else x)
        elif self.shortcut == "pad":
            y = y + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.grow))
        return F.relu(y)


class ResNet(nn.Module):
    """Stages of blocks. The version of a larger network has a pooling after the first convolution."""

    def __init__(self, widths, blocks, shortcut, pooled):
        super().__init__()
        self.conv1, self.bn1, self.pooled = conv3x3(3, widths[0]), nn.BatchNorm2d(widths[0]), pooled
        cin = widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            strides = [2 if stage and not place else 1 for place in range(count)]
            made = [Block(width if place else cin, width, stride, shortcut) for place, stride in enumerate(strides)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*made))
            cin = width
        self.stages, self.fc = len(widths), nn.Linear(cin, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.pooled:
            x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def cifar(n, shortcut):
    """He et al. 2015, section 4.2: 6n + 2 layers."""
    return ResNet((16, 32, 64), (n, n, n), shortcut, pooled=False)


NETWORKS = {
    "alexnet-cifar10": AlexNet,
    "vgg16-cifar10": VGG16,
    "googlenet-cifar10": GoogLeNet,
    "resnet18-cifar10": lambda: ResNet((32, 64, 128, 256), (2, 2, 2, 2), "project", pooled=True),
    "resnet20-cifar": lambda: cifar(3, "pad"),
    "resnet56-cifar": lambda: cifar(9, "pad"),
    "plain20-cifar": lambda: cifar(3, "none"),
    "plain56-cifar": lambda: cifar(9, "none"),
}


def initialise(network):
    """He et al. 2015, "Delving Deep into Rectifiers": normal, scaled by the fan-in; biases are zero."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network

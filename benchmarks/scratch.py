"""What a net written by hand costs beside PyTorch's autograd and scikit-learn's MLPClassifier.

    OMP_NUM_THREADS=2 python benchmarks/scratch.py
    OMP_NUM_THREADS=2 python benchmarks/scratch.py --data mnist --target 0.975

Prints the time of a training step (forward, loss, backward, optimizer) of the same net both ways, and
the time until each of three reaches an accuracy on data held out. Steps and epochs of the competitors
take turns, so that what else the machine does meets all alike.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier
from torch import Tensor, nn

from bakeoff.nets.lenet5 import LeNet5
from bakeoff.nets.mlp import MLP
from bakeoff.nets.scratch.losses import cross_entropy
from bakeoff.nets.scratch.twins import twin
from bakeoff.tasks.classification.images import EmbeddedDigits, IdxImages
from bakeoff.tasks.classification.split import split

HIDDEN = [256, 128]
BATCH = 128
SETTINGS = {"lr": 0.05, "momentum": 0.9, "nesterov": True}

Step = Callable[[Tensor, Tensor], None]


def mlp(pixels: int) -> MLP:
    """The net of the MLP comparisons: pixels-256-128-10 with ReLU."""
    return MLP(
        input_shape=(pixels,),
        output_shape=(10,),
        hidden=HIDDEN,
        activation="relu",
        dropout=0.0,
        batch_norm=False,
    )


def autograd_step(net: nn.Module, **how: bool) -> Step:
    """A step as PyTorch is used: a loss, `backward`, torch.optim.SGD."""
    optimizer = torch.optim.SGD(net.parameters(), **SETTINGS, **how)
    loss = nn.CrossEntropyLoss()

    def step(x: Tensor, y: Tensor) -> None:
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()

    return step


def scratch_step(net: nn.Module) -> tuple[nn.Module, Step]:
    """The same step by hand, from the same weights; the net and the step."""
    by_hand = twin(net.layers)
    optimizer = by_hand.optimizer(partial(torch.optim.SGD, **SETTINGS))

    def step(x: Tensor, y: Tensor) -> None:
        optimizer.zero_grad()
        _, delta = cross_entropy(by_hand(x), y)
        by_hand.backward(delta)
        optimizer.step()

    return by_hand, step


def compare_steps(title: str, net: nn.Module, shape: tuple[int, ...], rounds: int) -> None:
    """Print the time of a step of each, and the ratios to autograd."""
    torch.manual_seed(0)
    x, y = torch.randn(BATCH, *shape), torch.randint(0, 10, (BATCH,))
    _, by_hand = scratch_step(net)
    net.to(memory_format=torch.channels_last)  # as bakeoff trains it: convolutions twice as fast
    steps = {
        "autograd": autograd_step(net),
        "autograd, fused SGD": autograd_step(net, fused=True),
        "by hand": by_hand,
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds + 5):
        for name, step in steps.items():
            start = time.perf_counter()
            for _ in range(10):
                step(x, y)
            if turn >= 5:  # the first turns fill caches and allocate
                times[name].append((time.perf_counter() - start) / 10)
    print(f"{title}, batch {BATCH}, float32, {torch.get_num_threads()} threads, ms per step")
    base = statistics.median(times["autograd"])
    for name, found in times.items():
        middle = statistics.median(found)
        ratios = statistics.median(a / b for a, b in zip(found, times["autograd"], strict=True))
        print(
            f"  {name:<20} median {middle * 1e3:7.3f}  least {min(found) * 1e3:7.3f}  "
            f"ratio of medians {middle / base:5.2f}  median ratio by turn {ratios:5.2f}"
        )


def compare_training(data: str, root: str, target: float, most_epochs: int) -> None:
    """Print the time that each takes until `target` accuracy on the validation split."""
    source = EmbeddedDigits() if data == "digits" else IdxImages(data, root)
    parts = split(source.load(), val=0.15, test=0.15, k=None, fold=0, seed=0)
    (x, y), (x_val, y_val) = (
        (part.pixels.reshape(len(part), -1).astype(np.float32) / 255, part.labels)
        for part in (parts["train"], parts["val"])
    )
    torch.manual_seed(0)
    net = mlp(x.shape[1])
    by_hand, scratch = scratch_step(net)
    sklearn = MLPClassifier(
        HIDDEN,
        solver="sgd",
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=SETTINGS["lr"],
        momentum=SETTINGS["momentum"],
        nesterovs_momentum=True,
        random_state=0,
    )
    xs, ys = torch.from_numpy(x), torch.from_numpy(y)

    def epoch(step: Step, order: torch.Generator) -> None:
        for rows in torch.randperm(len(xs), generator=order).split(BATCH):
            step(xs[rows], ys[rows])

    def right(model: nn.Module) -> float:
        with torch.no_grad():
            return float((model(torch.from_numpy(x_val)).argmax(1).numpy() == y_val).mean())

    def order() -> torch.Generator:
        return torch.Generator().manual_seed(0)

    rivals = {
        "autograd": (
            partial(epoch, autograd_step(net), order()),
            lambda: right(net),
        ),
        "by hand": (
            partial(epoch, scratch, order()),
            lambda: right(by_hand),
        ),
        "scikit-learn": (
            lambda: sklearn.partial_fit(x, y, classes=range(10)),
            lambda: sklearn.score(x_val, y_val),
        ),
    }
    width = "-".join(map(str, [x.shape[1], *HIDDEN, 10]))
    print(f"{data}, {width}, batch {BATCH}, SGD {SETTINGS}: seconds until {target:.1%} validation")
    for name, (train, score) in rivals.items():
        seconds, reached, epochs = 0.0, 0.0, 0
        while reached < target and epochs < most_epochs:
            start = time.perf_counter()
            train()
            seconds += time.perf_counter() - start
            epochs += 1
            reached = score()
        print(
            f"  {name:<20} {seconds:7.2f} s, {epochs} epochs, {reached:.2%}, "
            f"{seconds / epochs * 1e3:.0f} ms per epoch"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="digits", choices=["digits", "mnist", "fashion_mnist"])
    parser.add_argument("--root", default="outputs/data", help="folder of downloads")
    parser.add_argument("--target", type=float, default=0.97)
    parser.add_argument("--epochs", type=int, default=50, help="at most")
    parser.add_argument("--rounds", type=int, default=40, help="turns of 10 steps each")
    parsed = parser.parse_args()
    compare_steps("MLP 784-256-128-10", mlp(784), (784,), parsed.rounds)
    lenet5 = LeNet5((1, 28, 28), (10,), conv=[6, 16], dense=[120, 84], dropout=0.0)
    compare_steps("LeNet5 1x28x28", lenet5, (1, 28, 28), max(1, parsed.rounds // 4))
    compare_training(parsed.data, parsed.root, parsed.target, parsed.epochs)


if __name__ == "__main__":
    main()

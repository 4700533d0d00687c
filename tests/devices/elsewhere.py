"""A made-up device, for finding operations that mix devices on machines that have only a CPU.

Within `with Elsewhere():` a tensor can be sent to the device `ELSEWHERE`. It stays in the CPU's memory, and
all operations run there with the same results. But what a GPU would refuse of the calls from Python is
refused here too: a call with tensors of both devices, or one that reads the device from NumPy.

What this proves: in all that has run within it, no call from Python mixes devices. What it does not prove:
that a GPU implements every operation, or that the results are equal there.

The name of the device is one that torch knows, so that `torch.device` and Lightning take it, but that no
code here treats in a special way.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from pytorch_lightning.accelerators import Accelerator, AcceleratorRegistry
from pytorch_lightning.strategies import SingleDeviceStrategy
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakTensorKeyDictionary

from bakeoff.run.parts.instantiate import instantiate_node

ELSEWHERE = torch.device("xpu")
CPU = torch.device("cpu")

# Copies from one device to another, and questions about types, are no mixture.
COPIES = {Tensor.copy_, Tensor.data.__set__, Tensor.to, Tensor.type_as}
COPIES |= {torch._has_compatible_shallow_copy_type}
# These take no tensor of the other device, not even one without dimensions.
STRICT = {
    torch.stack, torch.cat, torch.gather, torch.index_select, torch.scatter, torch.embedding,
    Tensor.gather, Tensor.index_select, Tensor.scatter, Tensor.scatter_, Tensor.scatter_add_,
    torch.nn.functional.embedding,
}  # fmt: skip
TO_NUMPY = {Tensor.numpy, Tensor.__array__}
INDEXED = {Tensor.__getitem__, Tensor.__setitem__}
# These wait until the device has finished, and give what it has found to Python.
READS = {
    Tensor.item, Tensor.tolist, Tensor.cpu, Tensor.__bool__, Tensor.__int__, Tensor.__float__,
    Tensor.__index__, Tensor.__format__, Tensor.__repr__, Tensor.nonzero, Tensor.equal, torch.equal,
    torch.nonzero, *TO_NUMPY,
}  # fmt: skip


class Elsewhere(TorchFunctionMode):
    """Knows which tensors are elsewhere. Use one for all of a test: another one knows nothing of them.

    `waits` are the names of calls for which a program waits on a GPU until the work before is done: what is
    copied from one device to the other, and reads of results.
    """

    def __init__(self) -> None:
        super().__init__()
        self.there = WeakTensorKeyDictionary()
        self.waits: list[str] = []

    def holds(self, tensor: Tensor) -> bool:
        """Whether a tensor is elsewhere."""
        return tensor in self.there

    def follow_parameters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let parameters be where their data are: no mode sees how torch makes them."""
        usual = nn.Parameter.__new__

        def new(cls: type, data: Tensor | None = None, requires_grad: bool = True) -> nn.Parameter:
            made = usual(cls, data, requires_grad)
            if data is not None:
                self._mark(made, self.holds(data))
            return made

        monkeypatch.setattr(nn.Parameter, "__new__", staticmethod(new))

    def __torch_function__(self, func, types, args=(), kwargs=None) -> Any:
        kwargs = dict(kwargs or {})
        if func == Tensor.device.__get__:
            return ELSEWHERE if self.holds(args[0]) else CPU
        given = list(_tensors((args, kwargs)))
        away = [tensor for tensor in given if self.holds(tensor)]
        self._check(func, args, kwargs, given, away)
        target = self._target(func, args, kwargs, bool(away))
        if self._crosses(func, args, target, away):
            self.waits.append(func.__name__)
        if "device" in kwargs and kwargs["device"] is not None:
            kwargs["device"] = CPU
        if func is Tensor.cpu and away:
            func = Tensor.clone  # `cpu` itself would return the same tensor
        if func is Tensor.to:
            args, kwargs = _with_copy(args, kwargs, self.holds(args[0]) != target)
        result = func(*args, **kwargs)
        if func == Tensor.data.__set__:
            self._mark(args[0], self.holds(args[1]))
        known = {id(tensor) for tensor in given}
        for tensor in _tensors(result):
            if id(tensor) not in known:
                self._mark(tensor, target)
        return result

    def _mark(self, tensor: Tensor, away: bool) -> None:
        if away:
            self.there[tensor] = True
        else:
            self.there.pop(tensor, None)

    def _check(self, func, args, kwargs, given: list[Tensor], away: list[Tensor]) -> None:
        if func in TO_NUMPY and away:
            raise TypeError(
                f"can't convert {ELSEWHERE} device type tensor to numpy: use .cpu() first"
            )
        generator = kwargs.get("generator")
        placed = away or torch.device(kwargs.get("device") or "cpu") == ELSEWHERE
        if generator is not None and placed:
            raise RuntimeError(
                f"expected a generator of {ELSEWHERE}, got one of {generator.device}"
            )
        if not away or func in COPIES:
            return
        if func.__name__.endswith("_") and func.__name__[0] != "_" and not self.holds(args[0]):
            raise RuntimeError(
                f"{func.__name__}: a tensor on the cpu is changed by one on {ELSEWHERE}"
            )
        here = [tensor for tensor in given if not self.holds(tensor)]
        if func in INDEXED and self.holds(args[0]):
            # Indices may be on the CPU, and so may values that are copied without tensors of indices.
            here = [
                part
                for part in _tensors(args[2:])
                if not self.holds(part) and list(_tensors(args[1]))
            ]
        elif func not in STRICT and func not in INDEXED:
            here = [tensor for tensor in here if tensor.ndim]  # as a number in the arithmetic
        if here:
            raise RuntimeError(
                f"{func.__name__}: expected all tensors to be on the same device, found {ELSEWHERE} and cpu"
            )

    def _crosses(self, func, args, target: bool, away: list[Tensor]) -> bool:
        """Whether something goes from one device to the other."""
        if func is Tensor.to:
            return self.holds(args[0]) != target
        if func is Tensor.copy_:
            return self.holds(args[0]) != self.holds(args[1])
        if func in INDEXED and self.holds(args[0]):
            index = args[1] if isinstance(args[1], tuple) else (args[1],)
            return any(
                isinstance(part, list)
                or (isinstance(part, Tensor) and (not self.holds(part) or part.dtype == torch.bool))
                for part in index
            )
        return (bool(away) and func in READS) or (func is torch.tensor and target)

    def _target(self, func, args, kwargs, away: bool) -> bool:
        """Whether the results of a call are elsewhere."""
        if func is Tensor.cpu:
            return False
        if func is Tensor.to:
            other = args[1] if len(args) > 1 else kwargs.get("other", kwargs.get("device"))
            if isinstance(other, Tensor):
                return self.holds(other)
            if isinstance(other, str | torch.device):
                return torch.device(other) == ELSEWHERE
            if kwargs.get("device") is not None:
                return torch.device(kwargs["device"]) == ELSEWHERE
        elif kwargs.get("device") is not None:
            return torch.device(kwargs["device"]) == ELSEWHERE
        return away


def _with_copy(args: tuple, kwargs: dict, moves: bool) -> tuple[tuple, dict]:
    """The arguments of `Tensor.to`, on the CPU, with a copy where the device changes."""
    changed = [CPU if isinstance(a, str | torch.device) else a for a in args]
    if moves:
        changed[0] = args[0].clone()
    return tuple(changed), kwargs


def _tensors(nest: Any) -> Iterator[Tensor]:
    if isinstance(nest, Tensor):
        yield nest
    elif isinstance(nest, dict):
        for part in nest.values():
            yield from _tensors(part)
    elif isinstance(nest, list | tuple):
        for part in nest:
            yield from _tensors(part)


class ElsewhereAccelerator(Accelerator):
    """What Lightning asks about a device: `ELSEWHERE` is there once."""

    def setup_device(self, device):
        pass

    def teardown(self):
        pass

    def get_device_stats(self, device):
        return {}

    @staticmethod
    def parse_devices(devices):
        return devices

    @staticmethod
    def get_parallel_devices(devices):
        return [ELSEWHERE]

    @staticmethod
    def auto_device_count():
        return 1

    @staticmethod
    def is_available():
        return True

    @staticmethod
    def name():
        return "elsewhere"


def strategy() -> SingleDeviceStrategy:
    """Lightning's training on `ELSEWHERE`, for `trainer.strategy`."""
    if "elsewhere" not in AcceleratorRegistry:
        AcceleratorRegistry.register("elsewhere", ElsewhereAccelerator)
    return SingleDeviceStrategy(ELSEWHERE, accelerator=ElsewhereAccelerator())


def train_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every trainer one for the made-up device."""

    def instead(node: Any, key: str, **arguments: Any) -> Any:
        if key == "trainer":
            arguments["strategy"] = strategy()
        return instantiate_node(node, key, **arguments)

    monkeypatch.setattr("bakeoff.run.parts.trainer.instantiate_node", instead)

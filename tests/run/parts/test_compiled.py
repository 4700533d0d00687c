"""Nets that torch.compile has translated, with a stand-in for the compiler."""

import copy
import logging
import shutil

import pytest
import torch
from torch import nn

from bakeoff.run.parts.compiled import MODES, compiled
from bakeoff.store import record


class Doubling(nn.Linear):
    def forward(self, x):
        return 2 * super().forward(x)


@pytest.fixture
def compiler(monkeypatch):
    """What was asked to be compiled; its calls are counted, and fail after `works` of them."""

    class Compiler:
        works, calls, modes = 100, 0, []

        def compile(self, function, mode):
            self.modes.append(mode)

            def fast(*arguments):
                self.calls += 1
                if self.calls > self.works:
                    raise RuntimeError("no compiler here\nat all")
                return function(*arguments)

            return fast

    made = Compiler()
    monkeypatch.setattr(torch, "compile", made.compile)
    return made


def test_the_net_is_called_as_it_is_translated_and_only_in_this_context(compiler):
    net, x = Doubling(2, 2), torch.ones(3, 2)
    names, expected = list(net.state_dict()), net(x)
    for mode in MODES:
        with compiled(net, mode):
            assert torch.equal(net(x), expected)
            assert list(net.state_dict()) == names
    assert (compiler.calls, compiler.modes) == (len(MODES), list(MODES))
    net(x)
    assert compiler.calls == len(MODES)


def test_without_a_mode_nothing_is_compiled(compiler):
    with compiled(Doubling(2, 2), None):
        pass
    assert compiler.modes == []


def test_where_it_fails_the_net_goes_on_and_the_log_says_so_once(compiler, caplog):
    net, x = Doubling(2, 2), torch.ones(3, 2)
    expected = net(x)
    compiler.works = 1
    with caplog.at_level(logging.WARNING), compiled(net, "default"):
        found = [net(x) for _ in range(4)]
    assert all(torch.equal(one, expected) for one in found)
    assert compiler.calls == 2
    [line] = caplog.messages
    assert line == (
        "trainer.compile=default: torch.compile failed (no compiler here): the net trains as it is"
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch traces
def test_copies_and_traces_are_of_the_net_itself(compiler):
    net, x = Doubling(2, 2), torch.ones(3, 2)
    with compiled(net, "default"):
        copied = copy.deepcopy(net)
        nn.init.zeros_(copied.weight)
        nn.init.ones_(copied.bias)
        assert torch.equal(copied(x), torch.full((3, 2), 2.0))
        torch.jit.trace(net, x, check_trace=False)
    assert compiler.calls == 0


TRAIN = [
    "train",
    "task=classification",
    "model=mlp/standard",
    "model.hidden=[8]",
    "trainer.max_epochs=1",
]


@pytest.mark.slow
def test_a_run_by_torchs_own_compiler_and_one_without_a_compiler(workplace, monkeypatch):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(workplace.folder / "cache"))
    runs = []

    def train(*given):
        """Whether torch.compile has failed."""
        process = workplace.start(*TRAIN, *given)  # torch reads CXX when it is imported
        said = "".join(process.communicate())
        assert process.returncode == 0, said
        runs.append(record.read((workplace.folder / "outputs" / "train" / "latest").resolve()))
        return "torch.compile failed" in said

    assert not train()
    has_compiler = bool(shutil.which("g++") or shutil.which("clang++"))
    assert train("+trainer.compile=default") != has_compiler
    monkeypatch.setenv("CXX", "/nonexistent")
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(workplace.folder / "other"))
    assert train("+trainer.compile=max-autotune")
    assert len({run.id for run in runs}) == 3
    first, compiled, fallen_back = (run.metrics for run in runs)
    assert compiled == pytest.approx(first, abs=1e-3)
    assert fallen_back == first

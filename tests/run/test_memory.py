"""The most memory that was held."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from bakeoff.run import memory
from bakeoff.run.memory import peak_memory


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="compares with Linux's /proc")
def test_it_is_what_the_kernel_says():
    (line,) = [x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x]
    kibibytes = int(line.split()[1])
    assert peak_memory(torch.device("cpu")) == pytest.approx(1024 * kibibytes, rel=0.02)


@pytest.mark.parametrize(("platform", "unit"), [("linux", 1024), ("darwin", 1)])
def test_the_unit_is_bytes_everywhere(monkeypatch, platform, unit):
    monkeypatch.setattr(memory.sys, "platform", platform)
    monkeypatch.setattr(memory.resource, "getrusage", lambda _: SimpleNamespace(ru_maxrss=3))
    assert peak_memory(torch.device("cpu")) == 3 * unit

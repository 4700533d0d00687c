"""The cores that may be used: affinity, and control groups in files made for the test."""

import os
from pathlib import Path

import pytest

from bakeoff.identity import cores
from bakeoff.identity.cores import cpu_quota, usable_cores


def system(root: Path, groups: str, files: dict[str, str]) -> Path:
    """A root folder with /proc/self/cgroup and files below /sys/fs/cgroup."""
    contents = {"proc/self/cgroup": groups}
    contents |= {f"sys/fs/cgroup/{name}": content for name, content in files.items()}
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


V1 = "12:memory:/docker/f00\n4:cpu,cpuacct:/docker/f00\n1:name=systemd:/docker/f00\n"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {"cpu.max": "250000 100000\n"}, 2.5),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None),
        ("0::/\n", {}, None),
        ("0::/a/b\n", {"a/b/cpu.max": "400000 100000", "a/cpu.max": "150000 50000"}, 3.0),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000", "a/cpu.max": "150000 100000"}, 1.5),
        ("0::/../b\n", {"cpu.max": "100000 100000"}, 1.0),  # another namespace
        ("0::/a\n", {"other/cpu.max": "1000 100000"}, None),
        (V1, {"cpu/docker/f00/cpu.cfs_quota_us": "50000",
              "cpu/docker/f00/cpu.cfs_period_us": "100000"}, 0.5),
        (V1, {"cpu,cpuacct/cpu.cfs_quota_us": "300000",  # the container sees its group at the top
              "cpu,cpuacct/cpu.cfs_period_us": "100000"}, 3.0),
        (V1, {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ("4:cpuset:/\n3:cpuacct:/\n", {"cpuset/cpu.max": "1 1", "cpuacct/cpu.max": "1 1"}, None),
        (V1 + "0::/\n", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000",
                         "cpu.max": "200000 100000"}, 2.0),
        ("0::/\n", {"cpu.max": "many 0"}, None),
        ("0::/\n", {"cpu.max": "1 0"}, None),
    ],
)  # fmt: skip
def test_the_quota_of_control_groups(tmp_path, groups, files, expected):
    assert cpu_quota(system(tmp_path, groups, files)) == expected


def test_without_control_groups_there_is_no_quota(tmp_path):
    assert cpu_quota(tmp_path) is None


@pytest.mark.parametrize(
    ("affinity", "quota", "expected"),
    [(8, "max 100000", 8), (8, "250000 100000", 3), (2, "400000 100000", 2), (8, "10 100000", 1)],
)
def test_the_lesser_of_affinity_and_quota_counts(tmp_path, monkeypatch, affinity, quota, expected):
    monkeypatch.setattr(cores, "_cores_of_affinity", lambda: affinity)
    assert usable_cores(system(tmp_path, "0::/\n", {"cpu.max": quota})) == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux's affinity")
def test_a_process_bound_to_one_core_uses_one(tmp_path):
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_cores(tmp_path) == 1
    finally:
        os.sched_setaffinity(0, before)

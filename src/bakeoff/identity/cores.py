"""The number of processor cores that this process may use."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def usable_cores(root: Path = Path("/")) -> int:
    """The cores in this process's affinity mask, or the CPU quota of its container where that is less.

    A quota of 1.5 cores counts as 2: one busy process could not use it up. The result is at least 1.
    `root` is the folder that holds `proc` and `sys`.
    """
    quota = cpu_quota(root)
    cores = _cores_of_affinity()
    return max(1, cores if quota is None else min(cores, math.ceil(quota)))


def cpu_quota(root: Path = Path("/")) -> float | None:
    """The CPU time per time that the control groups of this process allow, in cores; None without a limit.

    Reads `proc/self/cgroup` and the files below `sys/fs/cgroup`: `cpu.max` of version 2,
    `cpu.cfs_quota_us` and `cpu.cfs_period_us` of version 1 (https://docs.kernel.org/admin-guide/cgroup-v2.html
    and https://docs.kernel.org/scheduler/sched-bwc.html). A group's limit holds for the groups in it,
    so the least limit of a group and its ancestors counts.
    """
    quotas = [quota for folder in _groups(root) if (quota := _quota(folder)) is not None]
    return min(quotas, default=None)


def _cores_of_affinity() -> int:
    if hasattr(os, "process_cpu_count"):  # Python 3.13, which also reads PYTHON_CPU_COUNT
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _groups(root: Path) -> Iterator[Path]:
    """The folders of this process's control groups for the CPU, and of their ancestors.

    A container may see the path of its group on the host, but the files of its group at the top of the
    mount: folders that do not exist hold no limit.
    """
    mount = root / "sys" / "fs" / "cgroup"
    try:
        lines = (root / "proc" / "self" / "cgroup").read_text().splitlines()
    except OSError:  # not Linux
        return
    for (
        line
    ) in lines:  # such as 0::/user.slice of version 2, 4:cpu,cpuacct:/docker/f00 of version 1
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        mounts = [mount / controllers, mount / "cpu"] if controllers else [mount]
        group = PurePosixPath(path.lstrip("/"))
        yield from (top / part for top in mounts for part in (group, *group.parents))


def _quota(group: Path) -> float | None:
    """The limit that a control group itself sets, in cores."""
    try:
        if (group / "cpu.max").is_file():
            quota, period = (group / "cpu.max").read_text().split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text()
            period = (group / "cpu.cfs_period_us").read_text()
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):  # no such group, or "max": no limit
        return None

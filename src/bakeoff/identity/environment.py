"""The software and hardware of a run, which explain why another machine gives other numbers."""

import platform
import subprocess
from importlib.metadata import version
from typing import Any

PACKAGES = (
    *("bakeoff", "torch", "pytorch-lightning", "hydra-core", "torchmetrics", "numpy"),
    "scikit-learn",
)


def environment(device: str) -> dict[str, Any]:
    """Versions of Python and packages, the platform, `device`, and the git commit of the working folder.

    `dirty` says whether files differ from that commit. Both are None where the folder is in no git
    repository.
    """
    commit = _git("rev-parse", "HEAD")
    return {
        "python": platform.python_version(),
        "packages": packages_now(),
        "platform": platform.platform(),
        "device": device,
        "commit": commit,
        "dirty": None if commit is None else bool(_git("status", "--porcelain")),
    }


def packages_now() -> dict[str, str]:
    """The versions of the packages that train, as they are installed."""
    return {name: version(name) for name in PACKAGES}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()

"""What a run was made with: enough to see why another machine gives other numbers."""

import platform
import subprocess
from importlib.metadata import version
from typing import Any

PACKAGES = ("bakeoff", "torch", "pytorch-lightning", "hydra-core", "torchmetrics", "numpy")


def environment(device: str) -> dict[str, Any]:
    """Python, packages, platform, device, and the git commit of the working folder (None without)."""
    commit = _git("rev-parse", "HEAD")
    return {
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "platform": platform.platform(),
        "device": device,
        "commit": commit,
        "dirty": None if commit is None else bool(_git("status", "--porcelain")),
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()

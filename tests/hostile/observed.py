"""Commands that are watched: what they wrote, which processes and connections they made."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """How a command ended; `seconds` on this machine."""

    status: int | str
    seconds: float
    printed: str


@dataclass(frozen=True)
class Observed:
    """The answers by the name of the case, and what the process did besides, as (kind, what)."""

    answers: dict[str, Answer]
    deeds: list[tuple[str, str]]

    def outside(self, *folders: Path) -> Iterator[tuple[str, str]]:
        """What it did beyond writing in `folders`."""
        allowed = tuple(f"{os.path.realpath(folder)}/" for folder in folders)
        for kind, what in self.deeds:
            if kind == "process" and "('fc-list'" in what:
                continue  # Matplotlib asks for the fonts of the system, once in a home
            if kind != "write" or not f"{what}/".startswith((*allowed, "/dev/null/")):
                yield kind, what


def observe(place: Path, cases: dict[str, tuple[Path, list[str]]]) -> Observed:
    """Run commands, by name (folder, words), in one process, whose own files are in `place`."""
    home = place / "home"
    home.mkdir(parents=True)
    asked, answered, deeds = (place / name for name in ("cases.json", "answers.json", "deeds"))
    listed = [[name, str(folder), words] for name, (folder, words) in cases.items()]
    asked.write_text(json.dumps(listed))
    environment = {
        name: value
        for name, value in os.environ.items()
        # torch notes the place of its caches there, where a test before this one has compiled
        if not name.startswith(("BAKEOFF_", "XDG_", "TORCH"))
    }
    environment |= {
        "BAKEOFF_WATCHED": str(deeds), "HOME": str(home), "TMPDIR": str(home),
        "OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE / "watch"), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    command = [sys.executable, str(HERE / "commands.py"), str(asked), str(answered)]
    subprocess.run(command, env=environment, check=True, timeout=600, capture_output=True)
    answers = {name: Answer(*rest) for name, *rest in json.loads(answered.read_text())}
    return Observed(answers, [tuple(json.loads(line)) for line in deeds.read_text().splitlines()])

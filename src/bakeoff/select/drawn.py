"""Whether the showcase of the selected run has been drawn."""

from pathlib import Path

from bakeoff.select.leaderboard import Leaderboard
from bakeoff.store.plain_file import read_text

SHOWCASE = "showcase"
COMPLETE = "complete.txt"  # written last; holds the id of the run that the pictures show


def is_drawn(sweep_dir: Path, board: Leaderboard) -> bool:
    """Whether `showcase/` holds all pictures of the selected run."""
    try:
        return read_text(sweep_dir / SHOWCASE / COMPLETE) == board.selected_run
    except (OSError, UnicodeDecodeError):
        return False

"""The files of a run in a second folder: what never changes is shared, other files are copied."""

import os
import shutil
from pathlib import Path

from bakeoff.store import record

# Never changed once they are written, so two sweeps may share them; other files are copied.
SHARED = ("*.ckpt", "events.out.tfevents.*")
LEFT_OUT = (".lock", ".lock.holder", ".hydra", record.FILE_NAME)


def copy_run(run_dir: Path, target: Path, checkpoint: str) -> None:
    """Put the regular files of a run into the folder `target`, which is made; of its checkpoints only
    `checkpoint`, a path within the run. Its record and Hydra's notes, which are written anew, are left out.
    Raises OSError.
    """
    for folder, folders, names in os.walk(run_dir):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        place = target / Path(folder).relative_to(run_dir)
        place.mkdir(parents=True)
        for name in names:
            path = Path(folder, name)
            of_others = path.suffix == ".ckpt" and path != run_dir / checkpoint
            if name in LEFT_OUT or of_others or path.is_symlink() or not path.is_file():
                continue
            _link_or_copy(path, place / name)


def _link_or_copy(source: Path, target: Path) -> None:
    if any(source.match(pattern) for pattern in SHARED):
        try:
            target.hardlink_to(source)
        except OSError:  # on another disk, or a file system without links
            shutil.copyfile(source, target)
    else:
        shutil.copyfile(source, target)

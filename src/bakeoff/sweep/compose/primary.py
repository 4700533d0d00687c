"""The folder of a primary config, and a further folder of the user's beside it."""

from collections.abc import Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.store.plan_file import SINGLE
from bakeoff.sweep.compose.compose import SEARCH_PATH, Composer, config_loader
from bakeoff.sweep.compose.overrides import quoted


def located(
    name: str, config_dir: Path | None, overrides: Sequence[str]
) -> tuple[Path | None, list[str]]:
    """The folder that holds `<name>.yaml`, None for bakeoff's own `conf/`, and the overrides.

    It is `config_dir` where that holds the file, else that of an experiment; `config_dir` then joins the
    search path, because Hydra takes one folder beside `conf/`. Raises BakeoffError.
    """
    if config_dir is not None and not config_dir.is_dir():
        raise BakeoffError(f"--config-dir {config_dir}: no such folder")
    if config_dir is not None and (name == SINGLE or (config_dir / f"{name}.yaml").is_file()):
        return config_dir, list(overrides)
    folder = None if name == SINGLE else paths.experiment_dir(name)
    if config_dir is None:
        return folder, list(overrides)
    with config_loader(folder) as loader:
        found = Composer(loader, name, overrides).search_path()
    joined = ",".join(map(quoted, [*found, f"file://{config_dir}"]))
    rest = [line for line in overrides if line.lstrip("+").partition("=")[0] != SEARCH_PATH]
    return folder, [f"{SEARCH_PATH}=[{joined}]", *rest]

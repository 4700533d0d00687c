"""Which overrides may extend a sweep: those of Hydra's own settings, and those that make new runs."""

from collections.abc import Sequence

from hydra.core.override_parser.types import Override

from bakeoff.identity import run_id
from bakeoff.identity.candidate import is_of_hydra, is_of_selection, key_of
from bakeoff.sweep.compose.compose import SEARCH_PATH

# What was decided when the sweep began.
FIXED = (
    *("hydra.sweep.dir", "hydra.sweep.subdir", "hydra.run.dir", "hydra.mode", "hydra/sweeper"),
    "experiment",
)


def hydra_settings(before: Sequence[str], given: Sequence[str]) -> list[str]:
    """The overrides of Hydra's own settings: those of the sweep, and those given in their place."""
    found = {key_of(line): line for line in before if is_of_hydra(line)}
    for line in filter(is_of_hydra, given):
        key = key_of(line)
        found[key] = _joined(found.get(key), line) if key == SEARCH_PATH else line
    return list(found.values())


def _joined(before: str | None, line: str) -> str:
    """Two search paths as one: `hydra.searchpath=[a]` and `hydra.searchpath=[b]`."""
    if before is None:
        return line
    folders = [
        text.partition("=")[2].strip().removeprefix("[").removesuffix("]")
        for text in (before, line)
    ]
    return f"{SEARCH_PATH}=[{','.join(filter(None, folders))}]"


def refusals(given: Sequence[Override]) -> list[str]:
    found = [
        f"{o.input_line}: a sweep that is extended keeps its folder and its kind: leave it out"
        for o in given
        if o.key_or_group in FIXED
    ]
    found += [
        f"{o.input_line}: a sweep that is extended keeps its selection and its baselines: leave it out"
        for o in given
        if is_of_selection(o.key_or_group)
    ]
    own = [o.key_or_group for o in given if not o.is_hydra_override()]
    if not found and not any(map(run_id.is_deciding, own)):
        found.append(
            "nothing to add: expected overrides that make new candidates or replicates, such as "
            "model=resnet/small or 'seed=range(5)'"
        )
    return found

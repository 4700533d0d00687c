"""The arguments of the plain Hydra application, which nothing of bakeoff's has planned, looked at."""

from collections.abc import Sequence
from pathlib import Path

from hydra.types import RunMode

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowed import rule_for_composed
from bakeoff.gate.gate import Looked, look_at_hydra, refuse_objects
from bakeoff.store.plan_file import SINGLE
from bakeoff.sweep.compose.compose import Composer, config_loader
from bakeoff.sweep.compose.hydra_arguments import parse


def refuse_parts_of_hydra(arguments: Sequence[str]) -> None:
    """Raise BakeoffError where Hydra would make what is not allowed, of which it makes its parts before
    anything of bakeoff's is called.
    """
    parsed = parse(arguments)
    if parsed.cfg or parsed.info or parsed.shell_completion:  # nothing is made
        return
    config_dir = None if parsed.config_dir is None else Path(parsed.config_dir)
    with config_loader(config_dir) as loader:
        composer = Composer(loader, parsed.config_name or SINGLE, parsed.overrides)
        is_sweep = any(o.is_sweep_override() for o in composer.parse(parsed.overrides))
        looked, rule = Looked(), rule_for_composed()
        for mode in (RunMode.MULTIRUN, *(() if is_sweep else (RunMode.RUN,))):
            looked |= look_at_hydra(composer.compose(parsed.overrides, mode), rule)
    if lines := looked.lines():
        raise BakeoffError("\n".join(lines))
    refuse_objects(looked.names)

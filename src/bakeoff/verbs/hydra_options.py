"""Hydra's own options on bakeoff's commands: which are honoured, and why the others are refused."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.sweep.compose.hydra_arguments import INFO

# Options of the plain application that make no sense for an experiment, and what to do instead.
REFUSED = {
    ("--run", "-r"): "an experiment is a sweep: for one run, "
    "bakeoff train --config-name EXPERIMENT hydra.mode=RUN",
    ("--config-name", "-cn"): "give the experiment's name alone, as in bakeoff run localization",
    ("--config-path", "-cp"): "experiments need bakeoff's own groups: add yours by --config-dir",
    ("--experimental-rerun",): "train a run again by the command in best/command.txt",
}


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare an experiment and overrides, in any order."""
    parser.add_argument(
        "experiment", nargs="?", help="the name of a file in experiments/, without .yaml"
    )
    parser.add_argument(
        "overrides", nargs="*", help="Hydra overrides, e.g. model=lenet5/deep seed=range(5)"
    )


def add(parser: argparse.ArgumentParser) -> None:
    """Declare Hydra's options beside those of a command that takes an experiment."""
    group = parser.add_argument_group("options of Hydra")
    group.add_argument(
        "--cfg", "-c", choices=("job", "hydra", "all"), help="print the config and stop"
    )
    group.add_argument("--resolve", action="store_true", help="with --cfg: references resolved")
    group.add_argument("--package", "-p", help="with --cfg: a part of it, such as optimizer")
    group.add_argument(
        "--info",
        "-i",
        nargs="?",
        const="all",
        metavar="|".join(INFO),
        help="print where it is from",
    )
    group.add_argument("--hydra-help", action="store_true", help="Hydra's help")
    group.add_argument("--multirun", "-m", action="store_true", help="nothing: it is one already")
    group.add_argument(
        "--config-dir", "-cd", type=Path, metavar="FOLDER", help="groups or experiments of your own"
    )
    for names in REFUSED:
        group.add_argument(*names, dest=_dest(names), nargs="?", const="", help=argparse.SUPPRESS)


def experiment_and_overrides(parsed: argparse.Namespace) -> tuple[str | None, list[str]]:
    """The experiment among the words of a command, which may stand anywhere between the overrides, and
    the overrides; `--info` gives back a word that it took. Raises BakeoffError.
    """
    words = [word for word in (parsed.experiment, *parsed.overrides) if word is not None]
    if parsed.info is not None and parsed.info not in INFO:
        words.append(parsed.info)
        parsed.info = "all"
    for names, reason in REFUSED.items():
        if getattr(parsed, _dest(names)) is not None:
            raise BakeoffError(f"{names[0]}: {reason}")
    if any(word.startswith("hydra.mode=") and word != "hydra.mode=MULTIRUN" for word in words):
        raise BakeoffError(f"hydra.mode: {REFUSED['--run', '-r']}")
    names = [word for word in words if not is_override(word)]
    if len(names) > 1:
        raise BakeoffError(
            f"{' and '.join(map(repr, names))}: expected one experiment, and overrides such as seed=3"
        )
    return next(iter(names), None), [word for word in words if is_override(word)]


def is_override(word: str) -> bool:
    """Whether a word is an override of Hydra's, and no name."""
    return "=" in word or word.startswith("~")


def list_choices(overrides: Sequence[str]) -> None:
    """Print the experiments and groups. Raises BakeoffError where there are overrides of nothing."""
    from bakeoff.sweep.compose.choices import everything

    if overrides:
        raise BakeoffError(f"{' '.join(overrides)}: of which experiment?\n{everything()}")
    print(everything())


def asks(parsed: argparse.Namespace) -> bool:
    """Whether a command only shows what Hydra composes, and where from."""
    return bool(parsed.cfg or parsed.info or parsed.hydra_help)


def show_experiment(parsed: argparse.Namespace, experiment: str, overrides: Sequence[str]) -> None:
    """As `show`, for an experiment."""
    from bakeoff.sweep.compose.primary import located

    folder, overrides = located(experiment, parsed.config_dir, overrides)
    show(parsed, experiment, folder, overrides, multirun=False)


def show(
    parsed: argparse.Namespace,
    name: str,
    config_dir: Path | None,
    overrides: Sequence[str],
    multirun: bool,
) -> None:
    """Print what was asked for, as the plain Hydra application does. Raises BakeoffError."""
    if parsed.cfg and multirun:
        raise BakeoffError(
            f"--cfg {parsed.cfg} shows one config, and -m trains several: leave one out"
        )
    if parsed.cfg:
        from bakeoff.sweep.single import single_overrides

        overrides = single_overrides(name, overrides, config_dir)
    from bakeoff.train import main

    main([*_given(parsed), *([] if config_dir is None else ["--config-dir", str(config_dir)]),
          "--config-name", name, *overrides])  # fmt: skip


def _given(parsed: argparse.Namespace) -> list[str]:
    """The options that say what to show, as Hydra's own parser reads them."""
    found = []
    for name in ("cfg", "package", "info"):
        if (value := getattr(parsed, name)) is not None:
            found += [f"--{name}={value}"]
    for name in ("resolve", "hydra_help"):
        if getattr(parsed, name):
            found.append(f"--{name.replace('_', '-')}")
    return found


def _dest(names: Sequence[str]) -> str:
    return f"refused_{names[0].strip('-').replace('-', '_')}"

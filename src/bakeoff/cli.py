"""The command line. Imports nothing heavy: what only answers, answers at once."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bakeoff import __version__, paths
from bakeoff.errors import BakeoffError, suggestion

RUN = "a run's folder, or a sweep: its folder, latest, EXPERIMENT/latest"
SAMPLING = ("temperature", "top_k", "top_p", "seed", "samples")  # options that say nothing to beams
DESCRIPTION = "Which of these models should I use for this task? Answered with evidence."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; ends the process with status 1 after a mistake, 130 after Ctrl-C."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if str(Path.cwd()) not in sys.path:  # the user's own modules, as with `python -m`
        sys.path.insert(0, str(Path.cwd()))
    try:
        _dispatch(arguments)
    except BakeoffError as error:
        print("\n".join(f"bakeoff: {line}" for line in str(error).split("\n")), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("bakeoff: interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # `bakeoff ... | head`
        sys.stderr.close()
        sys.exit(141)


def _dispatch(arguments: list[str]) -> None:
    if arguments[:1] == ["train"]:  # Hydra's own options and overrides
        _train(arguments[1:])
        return
    parser = _parser()
    verb = next((word for word in arguments if not word.startswith("-")), None)
    if verb is not None and verb not in VERBS:
        raise BakeoffError(f"no command {verb!r}{suggestion(verb, VERBS)}; see bakeoff --help")
    parsed, rest = parser.parse_known_args(arguments)
    options = [word for word in rest if word.startswith("-")]
    listed = {"run": "overrides", "similar": "words"}.get(parsed.verb)
    if listed and not options:  # argparse ends a list at an option; what follows belongs to it too
        setattr(parsed, listed, [*getattr(parsed, listed), *rest])
    elif rest:
        parser.error(f"unknown argument: {' '.join(options or rest)}; see bakeoff {verb} --help")
    VERBS[parsed.verb](parsed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bakeoff", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    run = verbs.add_parser(
        "run", help="the whole bake-off: check, sweep, select, sealed test, report"
    )
    run.add_argument("experiment", help="the name of a file in experiments/, without .yaml")
    run.add_argument(
        "overrides", nargs="*", help="Hydra overrides, e.g. model=lenet5/deep seed=range(5)"
    )
    run.add_argument("--dry-run", action="store_true", help="print every job and stop")
    verbs.add_parser("train", help="one run or a free-form multirun: the plain Hydra application")
    for verb, text in (
        ("report", "rebuild leaderboard and report from the run records"),
        ("test", "the sealed test, if it has not been done"),
    ):
        sub = verbs.add_parser(verb, help=text)
        sub.add_argument("sweep", help="a sweep's folder, latest, or EXPERIMENT/latest")
    predict = verbs.add_parser("predict", help="detections or classes for image files")
    predict.add_argument("run", help=RUN)
    predict.add_argument(
        "files", nargs="+", type=Path, help="PNG or JPEG files, or folders of them"
    )
    predict.add_argument("--out", type=Path, metavar="FOLDER", help="where pictures and JSON go")
    predict.add_argument(
        "--invert",
        action="store_true",
        help="dark on light images, for a net trained on light on dark",
    )
    similar = verbs.add_parser("similar", help="nearest words by cosine similarity")
    similar.add_argument("run", help=RUN)
    similar.add_argument("words", nargs="*", metavar="WORD")
    similar.add_argument("--count", type=int, default=10, help="nearest words to show (10)")
    similar.add_argument(
        "--analogy", action="store_true", help="three words: man king woman asks for a queen"
    )
    similar.add_argument(
        "--score",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="agreement with people's judgements: lines of two words and a number",
    )
    generate = verbs.add_parser("generate", help="continue a text with a language model")
    generate.add_argument("run", help=RUN)
    generate.add_argument("prompts", nargs="*", metavar="TEXT")
    generate.add_argument("--file", help="prompts, one a line; - is standard input")
    for option, kind, default, text in (
        ("--words", int, 30, "words and marks to add"),
        ("--min-words", int, None, "end at the first . ! ? after so many"),
        ("--beams", int, 5, "beams of the search; all are printed"),
        ("--length-exponent", float, 1.0, "rank by log-probability / length to this power"),
        ("--no-repeat", int, 3, "so many words in a row do not come twice; 0: they may"),
        ("--temperature", float, 1.0, "of sampling"),
        ("--top-k", int, None, "sample from the k most probable words"),
        ("--top-p", float, 1.0, "sample from those that reach this probability together"),
        ("--seed", int, 0, "of sampling"),
        ("--samples", int, 1, "texts to sample for each prompt"),
    ):
        shown = text if default is None else f"{text} ({default})"
        generate.add_argument(option, type=kind, default=default, help=shown)
    generate.add_argument("--sample", action="store_true", help="draw words, no beam search")
    generate.add_argument("--json", action="store_true", help="print JSON")
    data = verbs.add_parser("data", help="data sets: list, fetch NAME, verify")
    actions = data.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="what there is, with size, licence and SHA-256")
    fetch = actions.add_parser("fetch", help="download a data set, checked")
    fetch.add_argument("name")
    actions.add_parser("verify", help="check the files that were downloaded")
    for action in actions.choices.values():
        action.add_argument("--root", type=Path, default=paths.OUTPUTS / "data", metavar="FOLDER")
    return parser


def _run(parsed: argparse.Namespace) -> None:
    from bakeoff.plan import plan

    config_dir = paths.experiment_dir(parsed.experiment)
    planned = plan(parsed.experiment, parsed.overrides, config_dir)
    named = planned.configs[0].experiment
    if named != parsed.experiment:
        raise BakeoffError(
            f"{config_dir / parsed.experiment}.yaml says experiment: {named}; expected "
            f"{parsed.experiment}, the file's name"
        )
    if parsed.dry_run:
        for number, job in enumerate(planned.jobs, start=1):
            shown = " ".join(line for line in job if not line.startswith("hydra."))
            print(f"{number:>3}/{len(planned.jobs)}  {shown}")
        return
    from bakeoff.bake import bake

    bake(parsed.experiment, parsed.overrides, config_dir, planned)


def _train(arguments: list[str]) -> None:
    from hydra._internal.utils import get_args_parser

    from bakeoff.plan import plan
    from bakeoff.train import main as train

    parsed = get_args_parser().parse_args(arguments)
    name = parsed.config_name or "config"
    config_dir = Path(parsed.config_dir) if parsed.config_dir else None
    if config_dir is None and name != "config":
        config_dir = paths.experiment_dir(name)
        arguments = ["--config-dir", str(config_dir), *arguments]
    asks = (parsed.help, parsed.hydra_help, parsed.cfg, parsed.info, parsed.shell_completion)
    if not any(asks) and parsed.config_path is None:
        plan(name, parsed.overrides, config_dir, parsed.multirun)
    train(arguments)


def _report(parsed: argparse.Namespace) -> None:
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.bake import rebuild

    rebuild(sweep_dir)


def _test(parsed: argparse.Namespace) -> None:
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.bake import open_test

    open_test(sweep_dir)


def _predict(parsed: argparse.Namespace) -> None:
    run_dir = paths.run_dir(parsed.run)
    from bakeoff.predict import predict

    predict(run_dir, parsed.files, parsed.out, parsed.invert)


def _similar(parsed: argparse.Namespace) -> None:
    if not parsed.words and (parsed.analogy or not parsed.score):
        raise BakeoffError("similar: give words, such as bakeoff similar embedding/latest he good")
    run_dir = paths.run_dir(parsed.run)
    from bakeoff import similar

    if parsed.words:
        similar.similar(run_dir, parsed.words, parsed.count, parsed.analogy)
    if parsed.score:
        similar.score(run_dir, parsed.score)


def _generate(parsed: argparse.Namespace) -> None:
    from bakeoff.generate import Request, generate, read_prompts
    from bakeoff.text.decoding import Beams, Sampling

    _refuse_unused(parsed)
    sampling = Sampling(temperature=parsed.temperature, top_k=parsed.top_k, top_p=parsed.top_p)
    request = Request(
        words=parsed.words,
        least=parsed.min_words,
        ngram=parsed.no_repeat,
        beams=Beams(count=parsed.beams, length_exponent=parsed.length_exponent),
        sampling=sampling if parsed.sample else None,
        seed=parsed.seed,
        samples=parsed.samples,
        as_json=parsed.json,
    )
    prompts = read_prompts(parsed.prompts, parsed.file)
    generate(paths.run_dir(parsed.run), prompts, request)


def _refuse_unused(parsed: argparse.Namespace) -> None:
    """Raises BakeoffError for options of sampling where beams are searched."""
    usual = _parser().parse_args(["generate", parsed.run])
    unused = [name for name in SAMPLING if getattr(parsed, name) != getattr(usual, name)]
    if unused and not parsed.sample:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in unused)
        raise BakeoffError(
            f"{options} given without --sample: beam search draws nothing; add --sample, or leave them out"
        )


def _data(parsed: argparse.Namespace) -> None:
    from bakeoff import data_sets

    if parsed.action == "list":
        data_sets.show()
    elif parsed.action == "fetch":
        data_sets.fetch(parsed.name, parsed.root)
    else:
        data_sets.verify(parsed.root)


VERBS = {
    "run": _run,
    "train": _train,
    "report": _report,
    "test": _test,
    "predict": _predict,
    "similar": _similar,
    "generate": _generate,
    "data": _data,
}


if __name__ == "__main__":
    main()

"""`bakeoff report` and `bakeoff test`: what is done with a sweep that has been trained."""

import argparse

from bakeoff.store import paths


def add(verbs: argparse._SubParsersAction) -> None:
    """Declare the options."""
    for verb, text, answer in (
        ("report", "rebuild leaderboard and report from the run records", _report),
        ("test", "the sealed test, if it has not been done", _test),
    ):
        parser = verbs.add_parser(verb, help=text)
        parser.add_argument("sweep", help=paths.SWEEP_FORMS)
        parser.set_defaults(answer=answer)


def _report(parsed: argparse.Namespace) -> None:
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.bake_off import rebuild

    rebuild(sweep_dir)


def _test(parsed: argparse.Namespace) -> None:
    sweep_dir = paths.sweep_dir(parsed.sweep)
    from bakeoff.bake_off import open_test

    open_test(sweep_dir)

"""The command line. Imports nothing heavy: what only answers, answers at once.

Each verb is a file of `bakeoff.verbs`. Its `add` declares the options and sets two defaults: `answer`,
the function that gets what was parsed, and, where the verb takes a list of words, `tail`, its name.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bakeoff import __version__
from bakeoff.errors import BakeoffError, suggestion
from bakeoff.run.hooks.interruption import ENDING, InterruptedRunError, interruptible
from bakeoff.standard_streams import ensure_open
from bakeoff.store.masking import masked
from bakeoff.verbs import (
    check,
    clean,
    compare,
    completion,
    data,
    extend,
    generate,
    predict,
    remove,
    repeat,
    report,
    resume,
    run,
    show,
    similar,
    tensorboard,
    test,
    train,
)
from bakeoff.verbs import list as list_

VERBS = (
    run,
    resume,
    extend,
    check,
    train,
    report,
    list_,
    show,
    compare,
    remove,
    clean,
    repeat,
    tensorboard,
    test,
    predict,
    similar,
    generate,
    data,
    completion,
)
DESCRIPTION = "Which of these models should I use for this task? Answered with evidence."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. It ends the process with status 1 after a mistake, with 3 where runs of a sweep were
    lost, and with 128 and its number after a signal: 130 after Ctrl-C, 143 after SIGTERM.
    """
    ensure_open()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        folder = _working_folder()
        if folder not in sys.path:  # the user's own modules, as with `python -m`
            sys.path.insert(0, folder)
        with interruptible():
            _dispatch(arguments)
        sys.stdout.flush()  # what goes wrong there is said below
    except BakeoffError as error:
        print(
            "\n".join(f"bakeoff: {line}" for line in masked(str(error)).split("\n")),
            file=sys.stderr,
        )
        sys.exit(error.exit_status)
    except InterruptedRunError as error:
        for number in ENDING:  # the process ends already
            signal.signal(number, signal.SIG_IGN)
        print(f"bakeoff: interrupted by {error}", file=sys.stderr)
        sys.exit(128 + error.number)
    except KeyboardInterrupt:  # before or after these signals are taken
        print("bakeoff: interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # `bakeoff ... | head`
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        print(f"bakeoff: its output cannot be written: {error.strerror}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what Python flushes at its end
        sys.exit(1)


def _working_folder() -> str:
    """The folder that the command works in. Raises BakeoffError where it is gone, or no config can hold
    its name.
    """
    try:
        folder = str(Path.cwd())
    except OSError as error:
        raise BakeoffError(
            f"the working folder cannot be found ({error.strerror}): was it removed? Go to one that exists"
        ) from None
    is_text = not any(
        "\ud800" <= letter <= "\udfff" for letter in folder
    )  # bytes that are not UTF-8
    if "${" in folder or not is_text:
        why = "${ stands for a value there" if is_text else "it is not UTF-8"
        raise BakeoffError(
            f"the working folder is {folder!a}, and configs cannot hold this name: {why}. Work in another"
        )
    return folder


def _dispatch(arguments: list[str]) -> None:
    if arguments[:1] in (["--shell-completion"], ["-sc"]):  # as of any application of Hydra
        arguments = ["train", *arguments]
    parser = argparse.ArgumentParser("bakeoff", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for verb in VERBS:
        verb.add(verbs)
    if arguments[:1] == ["train"]:  # Hydra's own options and overrides
        train.answer(arguments[1:], verbs)
        return
    verb = next((word for word in arguments if not word.startswith("-")), None)
    if verb is not None and verb not in verbs.choices:
        raise BakeoffError(
            f"no command {verb!r}{suggestion(verb, verbs.choices)}; see bakeoff --help"
        )
    parsed, rest = parser.parse_known_args(arguments)
    options = [word for word in rest if word.startswith("-")]
    tail = getattr(parsed, "tail", None)
    if tail and not options:  # argparse ends a list at an option; what follows belongs to it too
        setattr(parsed, tail, [*getattr(parsed, tail), *rest])
    elif rest:
        parser.error(f"unknown argument: {' '.join(options or rest)}; see bakeoff {verb} --help")
    parsed.answer(parsed)


if __name__ == "__main__":
    main()

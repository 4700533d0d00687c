"""Code that is only tried cannot end the process."""

import multiprocessing
import os
import sys

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.gate.no_exit import no_exit


def interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda: sys.exit(0), "SystemExit: 0"),
        (lambda: sys.exit(), "SystemExit"),
        (lambda: os._exit(0), "os._exit(0)"),
        (interrupted, "KeyboardInterrupt"),
    ],
)
def test_the_part_and_what_it_did_are_named(end, said):
    real = os._exit
    with pytest.raises(BakeoffError) as raised, no_exit("model mine.Net"):
        end()
    assert str(raised.value).startswith(f"model mine.Net: its code ends the process ({said})")
    assert os._exit is real


def test_exceptions_pass_as_they_are():
    with pytest.raises(ValueError, match="x"), no_exit("model"):
        raise ValueError("x")


def test_a_process_that_is_forked_meanwhile_ends_as_usual():
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("needs fork")
    with no_exit("data"):
        process = multiprocessing.get_context("fork").Process(target=str)
        process.start()
        process.join()
    assert process.exitcode == 0

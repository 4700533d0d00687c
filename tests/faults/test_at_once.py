"""Two commands work on one sweep at once; a command has no standard output."""

import subprocess
import sys

import pytest
from tests.faults.conftest import Place, check_whole, intact

pytestmark = pytest.mark.slow


def test_two_tests_at_once_open_the_test_set_once(concluding: Place, reference):
    finished = intact(concluding.sweep)
    both = [concluding.start("test", "small/latest") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert intact(concluding.sweep) == finished
    check_whole(concluding, reference)


def test_of_two_resumes_at_once_one_goes_on(concluding: Place, reference):
    both = [concluding.start("resume", "small/latest") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    # The second is refused while the first works, and finds everything done after that.
    assert 0 in [process.returncode for process in both], said
    for process, (_, err) in zip(both, said, strict=True):
        assert "Traceback" not in err
        assert process.returncode == 0 or (process.returncode == 1 and "is in use by" in err), err
    check_whole(concluding, reference)


def test_a_command_without_a_standard_output_concludes(concluding: Place, reference):
    command = [sys.executable, "-m", "bakeoff", "resume", "small/latest"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command],
        cwd=concluding.folder,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    check_whole(concluding, reference)

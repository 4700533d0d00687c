"""Standard output that is closed, full, or no longer read."""

import os
import subprocess
import sys

import pytest
from tests.faults.checks import check_whole
from tests.faults.place import Place

pytestmark = pytest.mark.slow


def shell(place: Place, words: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command as "$@" in a line of bash; its status is that of the line, its output that of `err`."""
    return subprocess.run(
        ["bash", "-c", words, "bash", sys.executable, "-m", "bakeoff", *arguments],
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_command_without_a_standard_output_concludes(concluding: Place, reference):
    done = shell(concluding, 'exec "$@" >&-', "resume", "small/latest")
    assert done.returncode == 0, done.stderr
    check_whole(concluding, reference)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_standard_output_costs_no_result(concluding: Place, reference):
    done = shell(concluding, 'exec "$@" >/dev/full', "resume", "small/latest")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "its output cannot be written: No space left on device" in done.stderr
    again = concluding.command("resume", "small/latest")
    assert again.status == 0, again.said
    check_whole(concluding, reference)


def test_a_reader_that_leaves_after_a_line_costs_no_result(place: Place, reference):
    outside = place.elsewhere()
    left = shell(place, '"$@" 2>&1 | head -1; exit ${PIPESTATUS[0]}', "run", "small")
    assert left.stdout == "checking data and models\n" and left.stderr == ""
    assert left.returncode != 0  # nobody has seen the result
    check_whole(place, reference)
    assert place.elsewhere() == outside

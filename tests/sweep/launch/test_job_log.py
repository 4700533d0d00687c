"""The log of a job: everything that it prints, up to a bound."""

import os
import subprocess
import sys
from pathlib import Path

from bakeoff.sweep.launch.job_log import CUT, KEPT, LONGEST, NAME, cut_middle


def test_what_a_process_and_its_children_print_goes_to_the_log(tmp_path):
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from bakeoff.sweep.launch.job_log import redirect_output\n"
        "print('before')\n"
        f"redirect_output(Path({str(tmp_path / 'new' / 'job')!r}))\n"
        "print('printed')\n"
        "print('warned', file=sys.stderr)\n"
        "sys.stdout.flush()\n"
        "os.system('echo by a child')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("before\n", "")
    lines = (tmp_path / "new" / "job" / NAME).read_text().splitlines()
    assert sorted(lines) == ["by a child", "printed", "warned"]


def test_the_middle_of_a_long_log_is_cut_out_and_writing_goes_on(tmp_path):
    log = tmp_path / NAME
    log.write_bytes(b"head" + b"-" * 100 + b"tail")
    writer = os.open(log, os.O_WRONLY | os.O_APPEND)
    cut_middle(tmp_path, longest=50, kept=6)
    os.write(writer, b" and more")
    assert log.read_bytes() == b"head--" + CUT + b"--tail and more"
    os.write(writer, b"." * 50)
    cut_middle(tmp_path, longest=50, kept=6)
    os.close(writer)
    assert log.read_bytes() == b"head--" + CUT + b"......"


def test_a_log_within_the_bound_stays(tmp_path):
    log = tmp_path / NAME
    log.write_bytes(b"x" * 50)
    written = log.stat().st_mtime_ns
    cut_middle(tmp_path, longest=50, kept=6)
    assert log.stat().st_mtime_ns == written
    assert 2 * KEPT < LONGEST


def test_without_a_log_nothing_happens(tmp_path):
    cut_middle(tmp_path)
    assert not list(Path(tmp_path).iterdir())

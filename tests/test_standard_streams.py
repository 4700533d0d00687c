"""Closed standard streams, as `>&-` in a shell leaves them."""

import subprocess
import sys

import pytest

SCRIPT = """
import os
from bakeoff.standard_streams import ensure_open
ensure_open()
first = os.open({path!r}, os.O_WRONLY | os.O_CREAT)
print("printed", flush=True)
status = os.system("echo by a child && echo by a child >&2 && cat <&0")
import sys
print("warned", file=sys.stderr, flush=True)
os.write(first, b"written")
open({numbers!r}, "w").write(f"{{first}} {{status}}")
"""


@pytest.mark.parametrize("closed", ["", ">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_what_is_printed_goes_into_no_file(tmp_path, closed):
    path, numbers = tmp_path / "weights.ckpt", tmp_path / "number"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(path=str(path), numbers=str(numbers)))
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" "$1" {closed}', sys.executable, str(script)],
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert path.read_text() == "written"
    first, status = map(int, numbers.read_text().split())
    assert first > 2
    assert status == 0  # a child has all three too
    assert done.stdout == ("" if " >&-" in f" {closed}" else "printed\nby a child\n")
    assert done.stderr == ("" if "2>&-" in closed else "by a child\nwarned\n")

"""Downloads against real HTTP servers on 127.0.0.1, and against processes that really die."""

import hashlib
import os
import pty
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import lock_descriptor

from bakeoff.data.catalog import CATALOG, DataSet, RemoteFile
from bakeoff.data.download import source
from bakeoff.data.download.fetch import fetch, fetch_all, judge_all
from bakeoff.errors import BakeoffError

CONTENT = random.Random(0).randbytes(3_000_000)
WRONG = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])  # one bit differs
NAME = "set/images.gz"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def remote(*urls: str, content: bytes = CONTENT) -> RemoteFile:
    return RemoteFile(NAME, digest(content), len(content), urls)


@pytest.fixture
def serve(serve):
    """Serve CONTENT, where nothing else is asked for."""
    return lambda content=CONTENT, **kwargs: serve(content, **kwargs)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "data"


def part_of(root: Path) -> Path:
    return root / f"{NAME}.part"


def leave_part(root: Path, content: bytes) -> None:
    part_of(root).parent.mkdir(parents=True)
    part_of(root).write_bytes(content)


def files_below(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


# One file, from where it comes and what it costs.


def test_downloads_once_and_leaves_only_the_file(serve, root):
    server = serve()
    for _ in range(2):
        path = fetch(remote(server.url), root)
        assert path == root / NAME
        assert path.read_bytes() == CONTENT
    assert server.asked == [None]
    assert files_below(root) == [NAME]
    assert path.stat().st_mode & 0o777 == 0o666 & ~download_umask()


def download_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("damaged", [WRONG, CONTENT[:100], b""], ids=["bit", "short", "empty"])
def test_a_damaged_local_file_is_fetched_again(serve, root, damaged):
    (root / NAME).parent.mkdir(parents=True)
    (root / NAME).write_bytes(damaged)
    assert fetch(remote(serve().url), root).read_bytes() == CONTENT


def test_a_damaged_local_file_stays_where_nothing_better_is_found(root, closed):
    (root / NAME).parent.mkdir(parents=True)
    (root / NAME).write_bytes(WRONG)
    with pytest.raises(BakeoffError):
        fetch(remote(closed), root)
    assert files_below(root) == [NAME]
    assert judge_all(DataSet("set", "", "", (remote(),)), root) == [(remote(), "damaged")]


def test_the_second_address_serves_where_the_first_does_not(serve, root, closed):
    assert fetch(remote(closed, serve().url), root).read_bytes() == CONTENT


def test_redirects_lead_to_web_addresses_only(serve, root):
    assert fetch(remote(serve(redirect="/moved").url), root).read_bytes() == CONTENT
    for elsewhere in ("ftp://127.0.0.1/x", f"file://{root / NAME}"):
        with pytest.raises(BakeoffError, match=rf"HTTP 302 .*{elsewhere}"):
            fetch(remote(serve(redirect=elsewhere).url), root / "other")


# The mirror comes first, and falls on to the addresses.


@pytest.mark.parametrize("form", ["{}", "{}/", "file://{}"])
def test_a_mirror_may_be_a_folder(serve, root, tmp_path, monkeypatch, form):
    folder = tmp_path / "my mirror"
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).write_bytes(CONTENT)
    monkeypatch.setenv("BAKEOFF_MIRROR", form.format(folder))
    server = serve()
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == []


def test_a_mirror_folder_completes_a_partial_file(root, tmp_path, monkeypatch):
    (tmp_path / NAME).parent.mkdir(parents=True)
    (tmp_path / NAME).write_bytes(CONTENT)
    monkeypatch.setenv("BAKEOFF_MIRROR", str(tmp_path))
    leave_part(root, CONTENT[:1234])
    assert fetch(remote(), root).read_bytes() == CONTENT


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_mirror_may_be_an_address(serve, root, monkeypatch, slash):
    mirror, public = serve(), serve()
    monkeypatch.setenv("BAKEOFF_MIRROR", f"{mirror.root}/copies{slash}")
    assert fetch(remote(public.url), root).read_bytes() == CONTENT
    assert (mirror.paths, public.paths) == ([f"/copies/{NAME}"], [])


def test_a_mirror_without_the_file_falls_on_and_says_why(
    serve, root, tmp_path, monkeypatch, closed
):
    for mirror, reason in (
        (tmp_path / "nowhere", f"{tmp_path / 'nowhere'} does not exist"),
        (tmp_path, f"{tmp_path / 'set'} does not exist"),
    ):
        monkeypatch.setenv("BAKEOFF_MIRROR", str(mirror))
        with pytest.raises(BakeoffError) as caught:
            fetch(remote(closed), root)
        assert f"  {mirror / NAME}: {reason}\n  {closed}: Connection refused" in str(caught.value)
        assert f"set BAKEOFF_MIRROR (now {mirror})" in str(caught.value)
    assert fetch(remote(serve().url), root).read_bytes() == CONTENT


# What is wrong is refused, and leaves nothing.


@pytest.mark.parametrize("wrong", [WRONG, b"<html>log in first</html>", CONTENT + b"more", b""])
def test_wrong_content_is_refused_with_both_digests_and_leaves_nothing(serve, root, wrong):
    with pytest.raises(BakeoffError) as caught:
        fetch(remote(serve(content=wrong).url), root)
    assert digest(wrong) in str(caught.value)
    assert digest(CONTENT) in str(caught.value)
    assert files_below(root) == []


def test_after_wrong_content_the_other_sources_are_tried_from_the_start(serve, root):
    wrong, right = serve(content=WRONG), serve()
    assert fetch(remote(wrong.url, right.url), root).read_bytes() == CONTENT
    assert right.asked == [None]


def test_an_endless_answer_does_not_fill_the_disk(serve, root):
    small = b"small"
    with pytest.raises(BakeoffError, match="refused"):
        fetch(remote(serve(content=bytes(50_000_000)).url, content=small), root)
    assert files_below(root) == []


def test_offline_there_is_one_error_with_every_reason_and_both_ways_out(serve, root, closed):
    missing = serve(redirect="ftp://nowhere")
    with pytest.raises(BakeoffError) as caught:
        fetch(remote(closed, missing.url), root)
    message = str(caught.value)
    assert message.startswith(f"cannot fetch {NAME} (3,000,000 bytes), tried:\n  {closed}: ")
    assert f"  {missing.url}: HTTP 302" in message
    assert "set BAKEOFF_MIRROR (now not set)" in message
    assert "data=localization/digits" in message
    assert files_below(root) == []


def test_a_silent_server_is_given_up(serve, root, monkeypatch):
    monkeypatch.setattr(source, "TIMEOUT_S", 0.2)
    server = serve(cut=1000, release=threading.Event())
    with pytest.raises(BakeoffError, match=r"no answer within 0\.2 s\n1,000 bytes are kept"):
        fetch(remote(server.url), root)
    assert part_of(root).read_bytes() == CONTENT[:1000]


def test_a_folder_that_cannot_be_written_is_named(serve, tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(BakeoffError, match=rf"in the folder {tmp_path}/data/set: .*choose another"):
        fetch(remote(serve().url), tmp_path / "data")


def test_a_full_disk_is_named_and_not_taken_for_a_bad_source(serve, root, monkeypatch):
    def no_space(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(BakeoffError, match=rf"folder {root}/set: No space left on device\. Exp"):
        fetch(remote(serve().url), root)


# What was interrupted goes on.


def test_a_cut_connection_is_resumed_by_the_next_call(serve, root):
    server = serve(cut=1_500_000)
    with pytest.raises(BakeoffError, match="ended after 1,500,000 of 3,000,000 bytes"):
        fetch(remote(server.url), root)
    assert part_of(root).read_bytes() == CONTENT[:1_500_000]
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1500000-"]
    assert files_below(root) == [NAME]


def test_another_address_continues_where_the_first_was_cut(serve, root):
    first, second = serve(cut=1_500_000), serve()
    assert fetch(remote(first.url, second.url), root).read_bytes() == CONTENT
    assert second.asked == ["bytes=1500000-"]


def test_a_server_without_ranges_makes_it_start_again(serve, root):
    leave_part(root, CONTENT[:1000])
    server = serve(ranges="ignored")
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-"]


@pytest.mark.parametrize("ranges", ["refused", "shifted"])
def test_a_range_that_is_not_given_makes_it_start_again(serve, root, ranges):
    leave_part(root, CONTENT[:1000])
    server = serve(ranges=ranges)
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-", None]


def test_a_wrong_partial_file_is_not_blamed_on_the_source(serve, root):
    leave_part(root, WRONG[::-1][:1000])
    server = serve()
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-", None]


def test_a_complete_partial_file_needs_no_source(root):
    leave_part(root, CONTENT)
    assert fetch(remote(), root).read_bytes() == CONTENT
    assert files_below(root) == [NAME]


@pytest.mark.parametrize("content", [WRONG, CONTENT + b"x"], ids=["bit", "long"])
def test_a_complete_but_wrong_partial_file_starts_again(serve, root, content):
    leave_part(root, content)
    server = serve()
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == [None]


FETCH = """
import sys
from pathlib import Path
from bakeoff.data.catalog import RemoteFile
from bakeoff.data.download import progress
from bakeoff.data.download.fetch import fetch
path, sha256, size, url, root, bar_after_s = sys.argv[1:]
progress.BAR_AFTER_S = float(bar_after_s)
fetch(RemoteFile(path, sha256, int(size), (url,)), Path(root))
"""


def start_fetch(url: str, root: Path, bar_after_s: float = 2, **kwargs) -> subprocess.Popen:
    arguments = [NAME, digest(CONTENT), str(len(CONTENT)), url, str(root), str(bar_after_s)]
    return subprocess.Popen([sys.executable, "-c", FETCH, *arguments], **kwargs)


def wait_until(condition, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def has_part(root: Path, size: int) -> bool:
    with suppress(FileNotFoundError):
        return part_of(root).stat().st_size == size
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_process_is_resumed_and_asks_only_for_the_rest(serve, root, how):
    server = serve(cut=1_000_000, release=threading.Event())
    process = start_fetch(server.url, root, stderr=subprocess.DEVNULL)
    wait_until(lambda: has_part(root, 1_000_000))
    process.send_signal(how)
    assert process.wait(60) == -how
    assert files_below(root) == [f"{NAME}.part"]

    server.release.set()
    assert fetch(remote(server.url), root).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000000-"]
    assert files_below(root) == [NAME]


def test_of_processes_at_once_one_downloads_and_the_others_wait(serve, root):
    server = serve(cut=1_000_000, release=threading.Event())
    first = start_fetch(server.url, root)
    wait_until(lambda: has_part(root, 1_000_000))
    others = [threading.Thread(target=fetch, args=(remote(server.url), root)) for _ in range(3)]
    for thread in others:
        thread.start()
    time.sleep(0.1)  # so that they stand before the lock; without it the test is only weaker
    server.release.set()
    assert first.wait(10) == 0
    for thread in others:
        thread.join(10)
    assert (root / NAME).read_bytes() == CONTENT
    assert server.asked == [None]
    assert files_below(root) == [NAME]


def test_whoever_waits_takes_over_from_one_that_dies(serve, root):
    server = serve(cut=1_000_000, release=threading.Event())
    first = start_fetch(server.url, root)
    wait_until(lambda: has_part(root, 1_000_000))
    second = threading.Thread(target=fetch, args=(remote(server.url), root))
    second.start()
    time.sleep(0.1)
    assert server.asked == [None]
    first.kill()
    first.wait(10)
    server.release.set()
    second.join(10)
    assert (root / NAME).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=1000000-"]


def test_a_lock_on_a_file_that_was_renamed_meanwhile_is_not_trusted(serve, root):
    leave_part(root, CONTENT[:10])
    with part_of(root).open("r+b") as other:
        lock_descriptor(other.fileno())
        waiting = threading.Thread(target=fetch, args=(remote(serve().url), root))
        waiting.start()
        time.sleep(0.1)
        part_of(root).rename(root / "elsewhere")
    waiting.join(10)
    assert (root / "elsewhere").read_bytes() == CONTENT[:10]
    assert (root / NAME).read_bytes() == CONTENT


# Progress belongs to a person who waits.


@pytest.mark.parametrize("bar_after_s", [0.1, 60])
def test_only_a_long_download_shows_its_progress_on_a_terminal(serve, root, bar_after_s):
    ours, theirs = pty.openpty()
    watch(serve, root, bar_after_s, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how Linux says that the other side is closed
        while chunk := os.read(ours, 65536):
            shown += chunk
    os.close(ours)
    if bar_after_s == 60:
        assert shown == b""
    else:
        assert re.search(rb"set/images\.gz .*3\.0/3\.0 MB.* MB/s", shown)


def test_a_log_file_shows_none(serve, root, tmp_path):
    with (tmp_path / "log").open("wb") as log:
        watch(serve, root, 0.1, stdout=log, stderr=log, env=os.environ | {"FORCE_COLOR": "1"})
    assert (tmp_path / "log").read_bytes() == b""


def watch(serve, root: Path, bar_after_s: float, **kwargs) -> None:
    """Let a process download for at least 0.2 s."""
    server = serve(cut=1_000_000, release=threading.Event())
    process = start_fetch(server.url, root, bar_after_s, **kwargs)
    wait_until(lambda: has_part(root, 1_000_000))
    time.sleep(0.2)
    server.release.set()
    assert process.wait(60) == 0


# A data set.


def test_a_data_set_is_fetched_file_by_file_and_verified(serve, root):
    server = serve()
    names = ("set/a.gz", "set/b.gz")
    files = tuple(RemoteFile(n, digest(CONTENT), len(CONTENT), (server.url,)) for n in names)
    dataset = DataSet("set", "two files", "CC0", files)
    assert [status for _, status in judge_all(dataset, root)] == ["missing", "missing"]
    assert fetch_all(dataset, root) == {name: root / name for name in names}
    assert judge_all(dataset, root) == [(files[0], "ok"), (files[1], "ok")]
    (root / names[1]).write_bytes(WRONG)
    (root / names[0]).unlink()
    assert judge_all(dataset, root) == [(files[0], "missing"), (files[1], "damaged")]


def test_an_embedded_data_set_has_nothing_to_fetch(root):
    assert fetch_all(CATALOG["digits"], root) == {}
    assert judge_all(CATALOG["digits"], root) == []
    assert not root.exists()

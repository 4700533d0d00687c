"""A download that was interrupted goes on, also where processes really die."""

import signal
import subprocess
import threading
import time

import pytest
from filelock import lock_descriptor
from tests.data.download.remote import (
    CONTENT,
    NAME,
    WRONG,
    files_below,
    has_part,
    leave_part,
    part_of,
    remote,
    start_fetch,
    wait_until,
)

from bakeoff.data.download.fetch import fetch
from bakeoff.errors import BakeoffError


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


# Processes at once.


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
    assert first.wait(60) == 0
    for thread in others:
        thread.join(60)
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
    first.wait(60)
    server.release.set()
    second.join(60)
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
    waiting.join(60)
    assert (root / "elsewhere").read_bytes() == CONTENT[:10]
    assert (root / NAME).read_bytes() == CONTENT

"""Downloads against real HTTP servers on 127.0.0.1."""

import os
import threading

import pytest
from tests.data.download.remote import (
    CONTENT,
    NAME,
    WRONG,
    digest,
    files_below,
    leave_part,
    part_of,
    remote,
)

from bakeoff.data.catalog import CATALOG, DataSet, RemoteFile
from bakeoff.data.download import source
from bakeoff.data.download.fetch import fetch, fetch_all, judge_all
from bakeoff.errors import BakeoffError

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

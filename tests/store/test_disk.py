"""Sizes of files that may have several names."""

from bakeoff.store.disk import freed_without, on_disk

SIZE = 64 * 1024


def written(path):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x" * SIZE)
    return path


def test_a_file_with_two_names_is_counted_once_and_freed_with_the_last(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    written(first / "own")
    shared = written(first / "shared")
    second.mkdir()
    (second / "shared").hardlink_to(shared)
    assert on_disk([first]) == on_disk([first, second]) == 2 * SIZE
    assert on_disk([second]) == SIZE
    assert (freed_without([first]), freed_without([second])) == (SIZE, 0)
    assert freed_without([first, second]) == 2 * SIZE


def test_links_to_other_places_are_not_followed(tmp_path):
    big = written(tmp_path / "elsewhere" / "big")
    place = tmp_path / "place"
    place.mkdir()
    (place / "folder").symlink_to(big.parent)
    (place / "file").symlink_to(big)
    assert on_disk([place]) < SIZE
    assert on_disk([place / "gone"]) == 0

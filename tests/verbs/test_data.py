"""`bakeoff data` as a user meets it."""


def test_data_list_shows_sizes_licences_and_digests(workplace):
    out = workplace.run("data", "list").stdout
    assert "embedded" in out and "11.6 MB" in out
    assert "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" in out


def test_data_list_names_the_texts(workplace):
    out = workplace.run("data", "list").stdout
    assert "python_docs" in out and "course_books" in out and "word_similarity" in out
    assert "gutenberg/data_train/candide.txt" in out and "wordsim/EN-SIMLEX-999.txt" in out


def test_data_verify_of_nothing_says_missing(workplace):
    done = workplace.run("data", "verify")
    assert done.returncode == 0
    assert done.stdout.count("missing") >= 4


def test_offline_without_mirror_names_both_ways_out(workplace, monkeypatch):
    monkeypatch.setenv("BAKEOFF_MIRROR", str(workplace.folder / "no-mirror"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # a closed port: no way outside
    done = workplace.run("data", "fetch", "mnist")
    assert done.returncode == 1
    assert "BAKEOFF_MIRROR" in done.stderr and "embedded" in done.stderr
    assert "Traceback" not in done.stderr


def test_data_fetch_from_the_mirror(workplace, mirror):
    done = workplace.run("data", "fetch", "mnist")
    assert done.returncode == 0, done.stderr
    assert workplace.run("data", "verify").stdout.count("ok") == 4

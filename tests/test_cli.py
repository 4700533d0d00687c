"""The command line as a user meets it: real processes in a folder of their own."""

import pytest


def test_help_names_every_command(workplace):
    done = workplace.run("--help")
    assert done.returncode == 0
    for verb in ("run", "train", "report", "test", "data"):
        assert f"\n    {verb} " in done.stdout


def test_dry_run_prints_every_job_and_trains_nothing(workplace):
    done = workplace.run("run", "tiny", "--dry-run", "seed=range(3)")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert len(lines) == 2 * 3
    assert "optimizer.lr=0.001" in lines[0] and "seed=0" in lines[0]
    assert sorted(path.name for path in workplace.folder.iterdir()) == ["experiments"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum", "tiny"], "no command 'rum'; did you mean 'run'"),
        (["run", "tinny"], "no experiment 'tinny'"),
        (["run", "tiny", "optimizer.lrr=1"], "did you mean 'optimizer.lr'"),
        (["run", "tiny", "--dryrun"], "unknown argument: --dryrun"),
        (["train", "model=lenet5/dep"], "did you mean 'lenet5/deep'"),
        (["report", "nowhere"], "no sweep at 'nowhere'"),
        (["report", "latest"], "no sweep in"),
        (["data", "fetch", "minst"], "expected one of digits, mnist"),
    ],
)
def test_a_mistake_is_one_message_and_status_not_zero(workplace, arguments, said):
    done = workplace.run(*arguments)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_all_mistakes_of_a_command_are_said(workplace):
    done = workplace.run("run", "tiny", "optimizer.lrr=1", "trainer.max_epochs=many")
    assert "optimizer.lrr" in done.stderr and "expected a whole number" in done.stderr


def test_an_experiment_must_carry_its_files_name(workplace):
    tiny = workplace.folder / "experiments" / "tiny.yaml"
    (workplace.folder / "experiments" / "copy.yaml").write_text(tiny.read_text())
    done = workplace.run("run", "copy", "--dry-run")
    assert done.returncode == 1
    assert "says experiment: tiny; expected copy" in done.stderr


def test_data_list_shows_sizes_licences_and_digests(workplace):
    out = workplace.run("data", "list").stdout
    assert "embedded" in out and "11.6 MB" in out
    assert "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" in out


def test_data_list_names_the_texts(workplace):
    out = workplace.run("data", "list").stdout
    assert "python_docs" in out and "course_books" in out and "word_similarity" in out
    assert "gutenberg/data_train/candide.txt" in out and "wordsim/EN-SIMLEX-999.txt" in out


def test_similar_without_words_says_what_to_give(workplace):
    done = workplace.run("similar", "latest")
    assert done.returncode == 1
    assert "give words, such as bakeoff similar embedding/latest" in done.stderr


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

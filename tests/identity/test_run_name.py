"""The name of a run, which is also that of the folder of its events."""

from dataclasses import replace

from tests.named_run import RUN

from bakeoff.identity.run_name import LONGEST, run_name, short_keys


def test_a_name_says_candidate_and_seed():
    assert run_name(RUN) == "lenet5-deep lr=0.003 seed=1"


def test_a_key_is_shortened_where_no_other_ends_like_it():
    names = ["mlp optimizer.lr=1", "mlp net.lr=2 loss.a.b=3"]
    assert short_keys(names) == {"loss.a.b": "b"}
    assert short_keys(["mlp optimizer.lr=1", "mlp optimizer.lr=2 x=1"]) == {"optimizer.lr": "lr"}
    assert short_keys(["mlp note=a.b=c"]) == {}  # the value is no key


def test_folds_tell_runs_of_one_seed_apart():
    folds = [replace(RUN, overrides=[f"data.fold={fold}"]) for fold in range(2)]
    assert list(map(run_name, folds)) == [
        "lenet5-deep lr=0.003 fold=0 seed=1",
        "lenet5-deep lr=0.003 fold=1 seed=1",
    ]


def test_a_name_can_name_a_file(tmp_path):
    for candidate in ("../a\n" + "x" * 500, "ж" * 300, "字\udce9" * 200):
        name = run_name(replace(RUN, candidate=candidate))
        assert len(name.encode()) <= LONGEST and name.endswith("seed=1")
        (tmp_path / name).mkdir()
        assert (tmp_path / name).parent.samefile(tmp_path)

"""Names of runs that people read."""

from dataclasses import replace

from tests.named_run import RUN

from bakeoff.store.plan_file import PlanFile, PlannedJob
from bakeoff.sweep.launch.run_names import readable, run_names


def test_a_name_says_candidate_and_seed():
    assert readable([RUN]) == {"aaaaaaaaaaaa": "lenet5-deep lr=0.003 seed=1"}


def test_a_key_is_shortened_where_it_is_of_all_runs():
    other = replace(RUN, id="b", candidate="mlp data.lr=1")
    assert readable([RUN, other])["b"] == "mlp data.lr=1 seed=1"


def test_names_differ():
    runs = [replace(RUN, id="abcdefgh"), replace(RUN, id="ijklmnop")]
    assert [name[-8:] for name in readable(runs).values()] == [" #abcdef", " #ijklmn"]


def test_a_sweep_is_named_by_its_plan_or_else_by_its_records(tmp_path):
    (tmp_path / RUN.id).mkdir()
    RUN.write(tmp_path / RUN.id)
    assert run_names(tmp_path) == {tmp_path / RUN.id: "lenet5-deep lr=0.003 seed=1"}
    assert run_names(tmp_path / RUN.id) == {tmp_path / RUN.id: "lenet5-deep lr=0.003 seed=1"}
    jobs = [
        PlannedJob(
            number=number, id=f"{number}", candidate="mlp", candidate_id="c", seed=number,
            overrides=[], config="",
        )
        for number in range(2)
    ]  # fmt: skip
    PlanFile(
        experiment="e", config_name="e", config_dir=None, search_path=[], overrides=[], jobs=jobs
    ).write(tmp_path)
    assert run_names(tmp_path) == {tmp_path / "0": "mlp seed=0", tmp_path / "1": "mlp seed=1"}

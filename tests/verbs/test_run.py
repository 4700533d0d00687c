"""`bakeoff run` before anything trains."""

import subprocess
import sys


def test_dry_run_prints_every_job_and_trains_nothing(workplace):
    done = workplace.run("run", "tiny", "--dry-run", "seed=range(3)")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert len(lines) == 2 * 3
    assert "optimizer.lr=0.001" in lines[0] and "seed=0" in lines[0]
    assert sorted(path.name for path in workplace.folder.iterdir()) == ["experiments"]


def test_all_mistakes_of_a_command_are_said(workplace):
    done = workplace.run("run", "tiny", "optimizer.lrr=1", "trainer.max_epochs=many")
    assert "optimizer.lrr" in done.stderr and "expected a whole number" in done.stderr


def test_two_jobs_that_are_the_same_run_are_refused_by_the_dry_run_and_the_run(workplace):
    for option in (["--dry-run"], []):
        done = workplace.run("run", "tiny", "optimizer.lr=1e-3,0.001", "seed=0", *option)
        assert done.returncode == 1
        assert "optimizer.lr=0.001 seed=0 and optimizer.lr=0.001 seed=0" in done.stderr
        assert not (workplace.folder / "outputs").exists()


def test_no_torch_is_loaded_before_a_mistake_of_the_words_or_a_dry_run_is_answered(workplace):
    script = (
        "import sys; from bakeoff.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print('torch' in sys.modules, file=sys.stderr)"
    )
    for words in (["run", "tiny", "--dry-run"], ["check", "tiny", "model=no"], ["train", "seed=x"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            cwd=workplace.folder, capture_output=True, text=True,
        )  # fmt: skip
        assert done.stderr.endswith("False\n"), done.stderr


def test_an_experiment_must_carry_its_files_name(workplace):
    tiny = workplace.folder / "experiments" / "tiny.yaml"
    (workplace.folder / "experiments" / "copy.yaml").write_text(tiny.read_text())
    done = workplace.run("run", "copy", "--dry-run")
    assert done.returncode == 1
    assert "says experiment: tiny; expected copy" in done.stderr


def test_resume_takes_no_overrides(workplace):
    done = workplace.run("run", "tiny", "--resume", "seed=3")
    assert done.returncode == 1
    assert "goes on with a sweep as it was planned: leave overrides" in done.stderr


def test_without_an_unfinished_sweep_there_is_nothing_to_resume(workplace):
    done = workplace.run("run", "tiny", "--resume")
    assert done.returncode == 1
    assert "no unfinished sweep of tiny" in done.stderr

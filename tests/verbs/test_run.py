"""`bakeoff run` before anything trains."""


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


def test_an_experiment_must_carry_its_files_name(workplace):
    tiny = workplace.folder / "experiments" / "tiny.yaml"
    (workplace.folder / "experiments" / "copy.yaml").write_text(tiny.read_text())
    done = workplace.run("run", "copy", "--dry-run")
    assert done.returncode == 1
    assert "says experiment: tiny; expected copy" in done.stderr

"""`bakeoff check`: every mistake of an experiment, and nothing trains."""


def test_what_is_right_is_said_and_nothing_trains(workplace):
    done = workplace.run("check", "tiny", "seed=range(3)")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tiny: 6 runs of 2 candidates: no mistakes\n"
    assert not (workplace.folder / "outputs").exists()


def test_mistakes_of_all_kinds_are_said_at_once(workplace):
    done = workplace.run(
        "check", "tiny", "optimizer.lrr=1", "trainer.max_epochs=many", "+optimizer.bar=1",
        "+trainer.logger=false", "model.conv=[3,8],[3,8,8,8]",
    )  # fmt: skip
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert len(said) == 5 and all(line.startswith("bakeoff: ") for line in said)
    for part in (
        "optimizer.lrr=1: no such key; did you mean 'optimizer.lr'",
        "trainer.max_epochs=many: expected a whole number",
        "optimizer.bar: torch.optim.AdamW has no argument 'bar'",
        "trainer.logger=false: TensorBoard's log is part of a run",
        "4 convolutions cannot take images of 48x60",
    ):
        assert part in done.stderr


def test_a_word_on_the_command_line_is_answered_as_by_run(workplace):
    done = workplace.run("check", "tinny")
    assert done.returncode == 1 and "no experiment 'tinny'" in done.stderr
    done = workplace.run("check", "tiny", "model=lenet5/dep")
    assert done.returncode == 1 and "did you mean 'lenet5/deep'" in done.stderr

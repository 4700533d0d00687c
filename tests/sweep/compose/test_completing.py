"""How an override that is being typed can go on."""

from pathlib import Path

import pytest

from bakeoff.sweep.compose.completing import overrides

NOISE = ("_target_", "cell", "pixel", "level", "coarse")


def words(current: str, *given: str, name: str = "localization", config_dir=None) -> list[str]:
    found = overrides(current, name, config_dir, given)
    return [word for word, _ in found if word.startswith(current)]


@pytest.mark.parametrize(
    ("current", "found"),
    [
        ("mod", ["model=", "model."]),
        ("model=lenet5/s", ["model=lenet5/shallow ", "model=lenet5/standard "]),
        ("model=lenet5/deep,mlp/s", ["model=lenet5/deep,mlp/standard "]),
        ("callbacks=[lr_monitor,em", ["callbacks=[lr_monitor,ema "]),
        ("optimizer.l", ["optimizer.lr="]),
        ("optimizer.lr=", ["optimizer.lr=0.005 "]),
        ("optimizer.fused=", ["optimizer.fused=true ", "optimizer.fused=false "]),
        ("data.noise.", [f"data.noise.{name}=" for name in NOISE]),
        ("++optimizer.w", ["++optimizer.weight_decay="]),
        ("~optimizer.f", ["~optimizer.fused "]),
        ("hydra/la", ["hydra/launcher="]),
        ("hydra/launcher=pro", ["hydra/launcher=processes "]),
        ("loss/", ["loss/box_loss="]),
        ("hydra.sweep.d", ["hydra.sweep.dir="]),
        ("nothing.at.all", []),
        ("seed=x", []),
    ],
)  # fmt: skip
def test_groups_options_keys_and_values(current, found):
    assert words(current) == found


def test_keys_are_those_of_the_options_that_are_chosen():
    assert words("optimizer.mom", "optimizer=sgd", "seed=range(3)") == ["optimizer.momentum="]
    assert words("optimizer.mom", "optimizer=nonsense") == []
    assert words("optimizer.mom") == []


def test_options_of_the_users_own_are_found_and_described(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "wide.yaml").write_text("# Mine, and wide.\n_target_: wide.Wide\n")
    found = dict(overrides("model=w", "config", tmp_path, []))
    assert found["model=wide "] == "Mine, and wide."
    assert words("model=wi", name="localization", config_dir=tmp_path) == ["model=wide "]
    assert words("model=wi", f"hydra.searchpath=[file://{tmp_path}]") == ["model=wide "]


def test_weights_to_start_from_are_runs(sweeps):
    (sweeps / "embedding" / "2026-01-01" / "leaderboard.json").touch()
    assert words("init_from=emb") == [
        "init_from=embedding/latest ",
        "init_from=embedding/2026-01-01 ",
    ]


def test_what_is_wrong_completes_nothing():
    assert words("model=", name="nothing") == []

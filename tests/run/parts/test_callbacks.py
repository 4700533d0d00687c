"""The user's callbacks."""

import pytest
from omegaconf import OmegaConf
from pytorch_lightning.callbacks import Timer

from bakeoff.errors import BakeoffError
from bakeoff.run.parts.callbacks import own_callbacks

LIGHTNING = "pytorch_lightning.callbacks"
TIMER = {"_target_": f"{LIGHTNING}.Timer"}
METRIC = {"metric": {"name": "mae", "direction": "min"}}


def test_both_places_count_and_null_turns_one_off():
    config = {"callbacks": {"a": TIMER, "b": None}, "trainer": {"callbacks": [TIMER]}}
    found = own_callbacks(OmegaConf.create(config))
    assert [type(callback) for callback in found] == [Timer, Timer]


def test_none():
    assert own_callbacks(OmegaConf.create({"trainer": {}})) == []


@pytest.mark.parametrize(
    ("callbacks", "said"),
    [
        (TIMER, r"callbacks: expected callbacks by name"),
        (
            {"a": {"_target_": "torch.nn.ReLU"}},
            r"callbacks\.a: expected a pytorch_lightning Callback",
        ),
        ({"a": "lr"}, r"callbacks\.a: cannot make lr"),
        (
            {"a": {"_target_": f"{LIGHTNING}.StochasticWeightAveraging", "swa_lrs": 0.1}},
            r"no result would be of the average\. Expected callbacks=ema",
        ),
        ({"a": {"_target_": f"{LIGHTNING}.ModelCheckpoint"}}, "without it: leave it out"),
        (
            {"a": {"_target_": f"{LIGHTNING}.ModelCheckpoint", "monitor": "val/mae"}},
            "without it: leave it out",
        ),
    ],
)
def test_what_is_no_callback_is_refused(callbacks, said):
    with pytest.raises(BakeoffError, match=said):
        own_callbacks(OmegaConf.create({"callbacks": callbacks, "trainer": {}, "task": METRIC}))


def test_a_checkpoint_by_another_metric_is_kept_beside_bakeoffs():
    other = {"_target_": f"{LIGHTNING}.ModelCheckpoint", "monitor": "val/loss"}
    config = {"callbacks": {"a": other}, "trainer": {}, "task": METRIC}
    assert len(own_callbacks(OmegaConf.create(config))) == 1

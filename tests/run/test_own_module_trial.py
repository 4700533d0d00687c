"""What a trial with a batch finds in a LightningModule of the user's own before it trains."""

import pytest
import torch
from tests.run import in_memory
from tests.run.own_modules import own_config

from bakeoff.errors import BakeoffError
from bakeoff.run.own_module_trial import try_own_module


def tried(kind: str = "Own", *overrides: str):
    data = in_memory.Pairs(16, 30)
    names = try_own_module(own_config(kind, *overrides), data)
    assert data.loaded == ["train", "val"]  # the test split stays closed
    return names


@pytest.mark.parametrize("kind", ["Own", "Tested", "ByHand", "Diverging"])
def test_what_is_whole_passes_and_nothing_is_drawn(kind):
    before = torch.get_rng_state()
    assert tried(kind) == ["accuracy", "cost"]
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("Other", r"Other logs val/acc, val/cost: expected val/accuracy, .*did you mean 'acc'"),
        (
            "TestedOtherwise",
            r"test_step logs test/acc: expected test/accuracy; without a test_step",
        ),
        ("Lacking", r"Lacking lacks validation_step, configure_optimizers"),
        (
            "Named",
            r"a trial with \(float32 16x2, int64 16\) raised \w+ in training_step "
            r"\(own_modules\.py:\d+\): ",
        ),
        ("Holding", r"its checkpoints hold hyperparameters part .*ignore=\['part'\]"),
        ("Keeping", r"configure_callbacks gives a ModelCheckpoint, which would take the place"),
    ],
)
def test_what_would_fail_is_named(kind, said):
    with pytest.raises(BakeoffError, match=said):
        tried(kind)


@pytest.mark.parametrize("setting", ["gradient_clip_val", "accumulate_grad_batches"])
def test_what_lightning_does_not_do_by_hand_is_named_by_its_key(setting):
    with pytest.raises(
        BakeoffError, match=rf"trainer\.{setting}=2: .* set trainer\.{setting}=null"
    ):
        tried("ByHand", f"trainer.{setting}=2")


def test_a_callback_that_follows_something_else_is_named():
    config = own_config()
    stop = {"_target_": "pytorch_lightning.callbacks.EarlyStopping", "monitor": "val/other"}
    config.callbacks = {"stop": stop}
    with pytest.raises(BakeoffError, match=r"EarlyStopping: monitor=val/other: .* val/accuracy"):
        try_own_module(config, in_memory.Pairs(16, 30))


def test_a_checkpoint_that_does_not_fit_is_named(tmp_path):
    torch.save({"state_dict": {}, "epoch": 0, "optimizer_states": []}, tmp_path / "a.ckpt")
    with pytest.raises(BakeoffError, match="a checkpoint of another model"):
        tried("Own", f"ckpt_path={tmp_path / 'a.ckpt'}")

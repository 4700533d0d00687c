"""Pictures are logged every few epochs and in the last, as what they are."""

import io
from types import SimpleNamespace

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.utils.tensorboard import SummaryWriter

from bakeoff.showcase.validation_pictures import are_due, log_pictures


def at(epoch: int, sanity_checking: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        current_epoch=epoch, max_epochs=10, sanity_checking=sanity_checking, global_step=77
    )


def test_pictures_are_due_every_few_epochs_and_in_the_last():
    assert [epoch for epoch in range(10) if are_due(at(epoch), every_epochs=4)] == [0, 4, 8, 9]
    assert not are_due(at(0, sanity_checking=True), every_epochs=4)


def test_pictures_are_logged_under_their_names(tmp_path):
    trainer = at(0)
    with SummaryWriter(tmp_path) as writer:
        trainer.logger = SimpleNamespace(experiment=writer)
        log_pictures(trainer, {"validation": Image.new("RGB", (3, 2), (10, 20, 30))})
    events = EventAccumulator(str(tmp_path), {"images": 0}).Reload()
    [logged] = events.Images("validation")
    assert (logged.step, logged.width, logged.height) == (77, 3, 2)
    read = Image.open(io.BytesIO(logged.encoded_image_string))
    assert read.size == (3, 2)
    assert read.getcolors() == [(6, (10, 20, 30))]

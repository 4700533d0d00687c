"""Pictures are logged every few epochs and in the last, as what they are."""

from types import SimpleNamespace

from PIL import Image

from bakeoff.showcase.validation_pictures import are_due, log_pictures


def at(epoch: int, sanity_checking: bool = False) -> SimpleNamespace:
    return SimpleNamespace(
        current_epoch=epoch, max_epochs=10, sanity_checking=sanity_checking, global_step=77
    )


def test_pictures_are_due_every_few_epochs_and_in_the_last():
    assert [epoch for epoch in range(10) if are_due(at(epoch), every_epochs=4)] == [0, 4, 8, 9]
    assert not are_due(at(0, sanity_checking=True), every_epochs=4)


def test_pictures_are_logged_under_their_names():
    logged = {}

    def add_image(name, image, step, dataformats):
        logged[name] = (image.shape, image[0, 0].tolist(), step, dataformats)

    trainer = at(0)
    trainer.logger = SimpleNamespace(experiment=SimpleNamespace(add_image=add_image))
    log_pictures(trainer, {"validation": Image.new("RGB", (3, 2), (10, 20, 30))})
    assert logged == {"validation": ((2, 3, 3), [10, 20, 30], 77, "HWC")}

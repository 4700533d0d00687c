"""Files of TensorBoard's projector, read back as the projector's own plugin reads them."""

import torch
from PIL import Image
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from torch.utils.tensorboard import SummaryWriter

from bakeoff.showcase.projector import (
    PROJECTOR_FILE,
    Projection,
    sprite,
    withdraw,
    write_projection,
)


def projection(count: int = 5, **changes) -> Projection:
    given = {
        "title": "last layer",
        "vectors": torch.arange(2.0 * count).reshape(count, 2),
        "columns": ["class", "answer"],
        "rows": [[f"a\tclass {n}", "right"] for n in range(count)],
        "thumbnails": [Image.new("RGB", (8, 4), (n, 0, 0)) for n in range(count)],
    }
    return Projection(**given | changes)


def shown(folder) -> list:
    """The embeddings that the plugin finds."""
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(folder)).Reload()
    context = TBContext(logdir=str(folder), multiplexer=multiplexer)
    plugin = ProjectorPlugin(context)
    configs = plugin._read_latest_config_files([("run", str(folder))])[0]
    return list(configs["run"].embeddings)


def test_the_plugin_finds_vectors_labels_and_thumbnails(tmp_path):
    write_projection(tmp_path, projection())
    [found] = shown(tmp_path)
    assert found.tensor_name == "last layer"
    assert list(found.tensor_shape) in ([], [5, 2])
    lines = (tmp_path / found.tensor_path).read_text().splitlines()
    assert lines[1] == "2\t3" and len(lines) == 5
    labels = (tmp_path / found.metadata_path).read_text().splitlines()
    assert labels[:2] == ["class\tanswer", "a class 0\tright"] and len(labels) == 6
    assert list(found.sprite.single_image_dim) == [8, 4]
    with Image.open(tmp_path / found.sprite.image_path) as picture:
        assert picture.size == (24, 12)


def test_a_sprite_is_filled_row_by_row_and_large_pictures_shrink():
    pictures = [Image.new("RGB", (2, 2), (10 * n, 0, 0)) for n in range(5)]
    whole = sprite(pictures)
    assert whole.size == (6, 6)
    corners = [whole.getpixel((x, y))[0] for y in (0, 2, 4) for x in (0, 2, 4)]
    assert corners == [0, 10, 20, 30, 40, 0, 0, 0, 0]
    assert sprite([Image.new("RGB", (480, 240))]).size == (48, 24)


def test_others_stay_and_what_is_written_again_replaces_itself(tmp_path):
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_embedding(torch.ones(2, 2), metadata=["a", "b"], tag="words")
    for count in (3, 4):
        write_projection(tmp_path, projection(count, thumbnails=()))
    names = [one.tensor_name for one in shown(tmp_path)]
    assert names == ["words:00000", "last layer"]
    assert len((tmp_path / "last-layer" / "tensors.tsv").read_text().splitlines()) == 4
    withdraw(tmp_path, "last layer")
    assert [one.tensor_name for one in shown(tmp_path)] == ["words:00000"]


def test_withdrawing_the_only_one_leaves_nothing_to_show(tmp_path):
    withdraw(tmp_path, "last layer")
    write_projection(tmp_path, projection())
    withdraw(tmp_path, "last layer")
    assert not (tmp_path / PROJECTOR_FILE).exists()

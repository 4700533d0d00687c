"""Vectors in TensorBoard's Embedding Projector, each with labels and a thumbnail."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig
from torch import Tensor

from bakeoff.store import atomic

PROJECTOR_FILE = "projector_config.pbtxt"
LARGEST_THUMBNAIL = 48  # pixels on its longer side; browsers draw sprites of up to 8192


@dataclass(frozen=True)
class Projection:
    """`vectors` (N, D) under the name `title`; for each of them a row of labels under `columns`, and a
    thumbnail, all of one size, where there are any.

    Two columns or more: of a file with a single one the projector takes the heading for a label.
    """

    title: str
    vectors: Tensor
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    thumbnails: Sequence[Image.Image] = ()


def write_projection(folder: Path, projection: Projection) -> None:
    """Write it into the folder of a run's events, in place of an earlier one of the same title; others
    stay.
    """
    assert len(projection.columns) > 1
    place = folder / projection.title.replace(" ", "-")
    vectors = ["\t".join(f"{value:.6g}" for value in row) for row in projection.vectors.tolist()]
    atomic.write_text(place / "tensors.tsv", "\n".join(vectors) + "\n")
    labels = [
        "\t".join(" ".join(cell.split()) for cell in row)
        for row in (projection.columns, *projection.rows)
    ]
    atomic.write_text(place / "metadata.tsv", "\n".join(labels) + "\n")
    config = _without(folder, projection.title)
    embedding = config.embeddings.add(
        tensor_name=projection.title,
        tensor_path=f"{place.name}/tensors.tsv",
        metadata_path=f"{place.name}/metadata.tsv",
    )
    if projection.thumbnails:
        picture = sprite(projection.thumbnails)
        atomic.write_with(place / "sprite.png", lambda file: picture.save(file, "PNG"))
        embedding.sprite.image_path = f"{place.name}/sprite.png"
        embedding.sprite.single_image_dim.extend(_size(projection.thumbnails[0]))
    atomic.write_text(folder / PROJECTOR_FILE, text_format.MessageToString(config))


def withdraw(folder: Path, title: str) -> None:
    """Let the projector show nothing of that title any more."""
    if (folder / PROJECTOR_FILE).is_file():
        config = _without(folder, title)
        if config.embeddings:
            atomic.write_text(folder / PROJECTOR_FILE, text_format.MessageToString(config))
        else:
            (folder / PROJECTOR_FILE).unlink()


def sprite(thumbnails: Sequence[Image.Image]) -> Image.Image:
    """Thumbnails row by row in one square picture, as the projector cuts it up."""
    width, height = _size(thumbnails[0])
    columns = math.ceil(math.sqrt(len(thumbnails)))
    whole = Image.new("RGB", (columns * width, columns * height))
    for number, thumbnail in enumerate(thumbnails):
        row, column = divmod(number, columns)
        whole.paste(thumbnail.resize((width, height)), (column * width, row * height))
    return whole


def _size(image: Image.Image) -> tuple[int, int]:
    shrink = min(1.0, LARGEST_THUMBNAIL / max(image.size))
    return max(1, round(image.width * shrink)), max(1, round(image.height * shrink))


def _without(folder: Path, title: str) -> ProjectorConfig:
    path, config = folder / PROJECTOR_FILE, ProjectorConfig()
    if path.is_file():
        text_format.Parse(path.read_text(encoding="utf-8"), config)
    kept = [one for one in config.embeddings if one.tensor_name != title]
    return ProjectorConfig(embeddings=kept)

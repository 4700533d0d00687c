"""Vectors for other programs, and the map of words."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import nn

from bakeoff.showcase.exhibits import Table
from bakeoff.tasks.embedding.showcase import EmbeddingShowcase, principal_plane, write_projector

WORDS = ["<unk>", "king", "queen", ",", "dog"]
VECTORS = torch.tensor([[1.0, 0.1], [1.0, 0.0], [4.0, 3.0], [0.0, 2.0], [3.0, -4.0]])


def test_the_projectors_files_agree_line_by_line(tmp_path):
    write_projector(tmp_path, VECTORS, WORDS, [0, 9, 5, 3, 2])
    vectors = [line.split("\t") for line in (tmp_path / "embeddings.tsv").read_text().splitlines()]
    heading, *rows = (tmp_path / "metadata.tsv").read_text().splitlines()
    assert heading == "word\tcount"
    assert rows == ["<unk>\t0", "king\t9", "queen\t5", ",\t3", "dog\t2"]
    assert torch.tensor([[float(value) for value in line] for line in vectors]).equal(VECTORS)


def test_the_map_is_of_the_principal_components():
    x = torch.randn(20, 5, generator=torch.Generator().manual_seed(0)).double()
    unit = nn.functional.normalize(x, dim=1).numpy()
    expected = PCA(2, svd_solver="full").fit_transform(unit)
    # Up to the sign of a component.
    assert np.allclose(np.abs(principal_plane(x)), np.abs(expected))


@pytest.mark.parametrize("shape", [(4, 1), (1, 3)])
def test_a_map_of_one_dimension_or_one_word_is_a_line(shape):
    x = torch.arange(1.0, 1 + max(shape)).reshape(shape)
    assert principal_plane(x).shape == (shape[0], 2)
    assert not principal_plane(x)[:, 1].any()


def module_with(vectors: torch.Tensor | None) -> nn.Module:
    module = nn.Module()
    module.net = nn.Module()
    if vectors is not None:
        module.net.embedding = nn.Embedding.from_pretrained(vectors)
    return module


def test_a_table_of_neighbours_by_hand():
    showcase = EmbeddingShowcase(["king", "nowhere"], shown=3, neighbours=2)
    data = SimpleNamespace(class_names=WORDS)
    found = showcase.exhibits(module_with(VECTORS), data, "val", seed=0)
    table = found["nearest words"]
    assert isinstance(table, Table)
    # The most frequent word that is there, the queen, stands in for the one that is not.
    assert table.rows == [["king", "queen 0.80, dog 0.60"], ["queen", "king 0.80, , 0.60"]]
    assert found["map of words"].width > 500
    assert showcase.exhibits(module_with(VECTORS), data, "test", seed=0) == {}


def test_a_net_that_names_its_vectors_otherwise_is_not_shown(tmp_path, caplog):
    showcase = EmbeddingShowcase(["king"], shown=3, neighbours=2)
    module = module_with(None)
    assert showcase.exhibits(module, SimpleNamespace(class_names=WORDS), "val", seed=0) == {}
    checkpoint = tmp_path / "best.ckpt"
    torch.save({"state_dict": {"net.words.weight": VECTORS}}, checkpoint)
    trainer = SimpleNamespace(
        checkpoint_callback=SimpleNamespace(best_model_path=str(checkpoint)),
        default_root_dir=str(tmp_path),
    )
    showcase.on_train_end(trainer, module)
    assert "no vectors of words are written" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["best.ckpt"]


@pytest.mark.parametrize("name", ["embeddings.tsv", "metadata.tsv"])
def test_the_best_epochs_vectors_are_written_not_the_last_ones(tmp_path, name):
    checkpoint = tmp_path / "best.ckpt"
    torch.save({"state_dict": {"net.embedding.weight": VECTORS}}, checkpoint)
    added = {}
    trainer = SimpleNamespace(
        checkpoint_callback=SimpleNamespace(best_model_path=str(checkpoint)),
        default_root_dir=str(tmp_path),
        datamodule=SimpleNamespace(class_names=WORDS, class_counts=lambda: torch.arange(5)),
        global_step=7,
        logger=SimpleNamespace(
            experiment=SimpleNamespace(
                add_embedding=lambda vectors, **more: added.update(more, vectors=vectors)
            )
        ),
    )
    EmbeddingShowcase(["king"], 3, 2).on_train_end(trainer, module_with(torch.zeros(5, 2)))
    assert torch.equal(added["vectors"], VECTORS)
    assert added["metadata"] == [[word, str(count)] for count, word in enumerate(WORDS)]
    write_projector(tmp_path / "expected", VECTORS, WORDS, range(5))
    assert (tmp_path / name).read_text() == (tmp_path / "expected" / name).read_text()

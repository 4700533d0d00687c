"""A real training of word vectors, and what it leaves for other programs."""

import re

import torch
from tokenizers import Tokenizer

from bakeoff.store import record
from bakeoff.store.events import event_folder
from bakeoff.text.tokenizer import vocabulary


def best_vectors(run) -> torch.Tensor:
    state = torch.load(run / "checkpoints" / "best.ckpt", weights_only=True)["state_dict"]
    return state["net.embedding.weight"]


def test_it_learns_and_says_what_a_prediction_costs(learned_words):
    _, run = learned_words
    found = record.read(run)
    words = vocabulary(Tokenizer.from_file(str(run / "tokenizer.json")))
    assert found.status == "completed"
    assert found.metrics["perplexity"] < len(words) - 1  # what equal scores for all words give
    assert 0 < found.seconds_per_prediction < 0.1


def test_the_projectors_files_hold_the_best_epochs_vectors(learned_words):
    _, run = learned_words
    words = vocabulary(Tokenizer.from_file(str(run / "tokenizer.json")))
    _, *rows = (run / "metadata.tsv").read_text().splitlines()
    lines = (run / "embeddings.tsv").read_text().splitlines()
    assert [row.split("\t")[0] for row in rows] == words
    table = torch.tensor([[float(value) for value in line.split("\t")] for line in lines])
    assert torch.allclose(table, best_vectors(run), rtol=1e-5, atol=1e-9)


def test_tensorboards_projector_is_filled(learned_words):
    _, run = learned_words
    events = event_folder(run)
    config = (events / "projector_config.pbtxt").read_text()
    named = dict(re.findall(r'(tensor_path|metadata_path): "(.+)"', config))
    vectors = (events / named["tensor_path"]).read_text().splitlines()
    heading, *rows = (events / named["metadata_path"]).read_text().splitlines()
    assert heading == "word\tcount"
    assert rows == (run / "metadata.tsv").read_text().splitlines()[1:]
    table = torch.tensor([[float(value) for value in line.split("\t")] for line in vectors])
    assert torch.allclose(table, best_vectors(run), rtol=1e-4)


def test_its_vectors_serve_another_training_and_no_other_vocabulary(learned_words):
    place, run = learned_words
    command = [
        "train",
        "task=conjugation",
        "data=conjugation/folder",
        "data.corpus.source.folder=texts",
        "data.forms=[is,was]",
        "data.before=2",
        "data.after=1",
        "model.dimension=3",
        "model.embedding=outputs/words",
        "trainer.max_epochs=1",
        "data_dir=data",
    ]
    done = place.run(*command, "model.frozen=true", "hydra.run.dir=outputs/frozen")
    assert done.returncode == 0, done.stderr
    assert torch.equal(best_vectors(place.folder / "outputs" / "frozen"), best_vectors(run))
    done = place.run(*command, "data.corpus.min_count=20", "hydra.run.dir=outputs/other")
    assert done.returncode == 1
    assert "model.embedding=outputs/words has another vocabulary" in done.stdout + done.stderr

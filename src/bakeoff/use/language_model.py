"""A language model of an earlier run, read back without its data."""

from pathlib import Path

import torch

from bakeoff.errors import BakeoffError
from bakeoff.run.build import instantiate
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.text.generator import Generator
from bakeoff.text.word_vectors import TOKENIZER, load_tokenizer
from bakeoff.use.predictor import read_config

NET = "net."


def load_generator(run_dir: Path) -> Generator:
    """The net of a run, with its best weights. Raises BakeoffError where it generates no text."""
    run = record.read(run_dir)
    state = checkpoint(run_dir, run)["state_dict"]
    config = read_config(run_dir)
    if "length" not in config.data or not (run_dir / TOKENIZER).is_file():
        raise BakeoffError(
            f"{run_dir}: task {run.task} generates no text: expected a run of a language model, such as "
            "generation/latest"
        )
    torch.set_num_threads(config.threads)
    tokenizer = load_tokenizer(run_dir)
    words, length = tokenizer.get_vocab_size(), config.data.length
    net = instantiate(
        config,
        "model",
        input_shape=(length,),
        output_shape=(length, words) if config.data.carry else (words,),
        vocabulary_size=words,
    )
    if not hasattr(net, "step"):
        raise BakeoffError(
            f"{run_dir}: {config.model._target_} has no method step(ids, state) to go on word by word: "
            "choose a run of one of model=language_model/..."
        )
    net.load_state_dict(
        {name.removeprefix(NET): part for name, part in state.items() if name.startswith(NET)}
    )
    return Generator(net.eval(), tokenizer)

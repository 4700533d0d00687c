"""The language model of a finished run, loaded without the run's data."""

from pathlib import Path

import torch

from bakeoff.errors import BakeoffError
from bakeoff.run.read_back import read_config, read_net
from bakeoff.store import record
from bakeoff.store.checkpoint import checkpoint
from bakeoff.text.language_model import LanguageModel
from bakeoff.text.word_vectors import TOKENIZER, load_tokenizer


def load_language_model(run_dir: Path) -> LanguageModel:
    """The language model in `run_dir` with its best weights, on the CPU.

    Raises BakeoffError if the run's task or net generates no text.
    """
    run = record.read(run_dir)
    state = checkpoint(run_dir, run)["state_dict"]
    config = read_config(run_dir)
    if "vocabulary_size" not in run.built_for or TOKENIZER not in run.artifacts:
        raise BakeoffError(
            f"{run_dir}: task {run.task} generates no text: expected a run of a language model, such as "
            "generation/latest"
        )
    torch.set_num_threads(config.threads)
    net = read_net(config, run, state)
    if not hasattr(net, "step"):
        raise BakeoffError(
            f"{run_dir}: {config.model._target_} has no method step(ids, state) to generate text with: "
            "choose a run of one of model=language_model/..."
        )
    return LanguageModel(net, load_tokenizer(run_dir))

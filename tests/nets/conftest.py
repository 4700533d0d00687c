"""Small language models, and texts for them."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from bakeoff.nets.causal_transformer import CausalTransformer
from bakeoff.nets.recurrent_language_model import RecurrentLanguageModel

WORDS, LENGTH = 20, 6


def _recurrent(cell: str = "lstm", every: bool = True, **changed) -> RecurrentLanguageModel:
    settings = {"dimension": 5, "layers": 2, "hidden": 7, "dropout": 0.0, "tied": False}
    settings |= {"cell": cell, "embedding": None, "frozen": False}
    torch.manual_seed(0)
    return RecurrentLanguageModel(**_shapes(every) | settings | changed).eval()


def _transformer(every: bool = True, **changed) -> CausalTransformer:
    settings = {"width": 8, "heads": 2, "layers": 2, "dropout": 0.0}
    torch.manual_seed(0)
    return CausalTransformer(**_shapes(every) | settings | changed).eval()


def _shapes(every: bool) -> dict:
    return {
        "input_shape": (LENGTH,),
        "output_shape": (LENGTH, WORDS) if every else (WORDS,),
        "vocabulary_size": WORDS,
    }


@pytest.fixture
def recurrent() -> Callable[..., RecurrentLanguageModel]:
    """Makes one by `recurrent(cell, every position or the last one, **settings)`."""
    return _recurrent


@pytest.fixture
def transformer() -> Callable[..., CausalTransformer]:
    """Makes one by `transformer(every position or the last one, **settings)`."""
    return _transformer


@pytest.fixture(params=["lstm", "gru", "tied", "transformer"])
def language_model(request: pytest.FixtureRequest) -> Callable[..., nn.Module]:
    """Makes one by `language_model(every position or the last one)`; a test runs once for each kind."""
    return {
        "lstm": _recurrent,
        "gru": lambda **changed: _recurrent("gru", **changed),
        "tied": lambda **changed: _recurrent(tied=True, **changed),
        "transformer": _transformer,
    }[request.param]


@pytest.fixture
def ids() -> Tensor:
    """Three texts of `LENGTH` words."""
    return torch.randint(0, WORDS, (3, LENGTH), generator=torch.Generator().manual_seed(1))

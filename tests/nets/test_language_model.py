"""Language models: what they say at once they say word by word; state is carried, or begins anew."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.causal_transformer import CausalTransformer
from bakeoff.nets.language_model import RecurrentLanguageModel

WORDS, LENGTH = 20, 6


def recurrent(cell="lstm", every=True, **changed):
    settings = {"dimension": 5, "layers": 2, "hidden": 7, "dropout": 0.0, "tied": False}
    torch.manual_seed(0)
    return RecurrentLanguageModel(
        (LENGTH,),
        (LENGTH, WORDS) if every else (WORDS,),
        WORDS,
        cell=cell,
        embedding=None,
        frozen=False,
        **settings | changed,
    ).eval()


def transformer(every=True, **changed):
    torch.manual_seed(0)
    settings = {"width": 8, "heads": 2, "layers": 2, "dropout": 0.0}
    output_shape = (LENGTH, WORDS) if every else (WORDS,)
    return CausalTransformer((LENGTH,), output_shape, WORDS, **settings | changed).eval()


def beginning(ids):
    """Every row begins a text."""
    return torch.cat([~ids[:, :1], ids[:, 1:]], dim=1)


NETS = {
    "lstm": recurrent,
    "gru": lambda **changed: recurrent("gru", **changed),
    "tied": lambda **changed: recurrent(tied=True, **changed),
    "transformer": transformer,
}


@pytest.fixture
def ids():
    return torch.randint(0, WORDS, (3, LENGTH), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("kind", NETS)
def test_word_by_word_says_what_the_whole_text_says(kind, ids):
    net = NETS[kind]()
    with torch.no_grad():
        whole = net(beginning(ids)).log_softmax(dim=-1)
        log_probs, state = net.start(ids[:, :2])
        for position in range(2, LENGTH):
            assert torch.allclose(log_probs, whole[:, position - 1], atol=1e-5)
            log_probs, state = net.step(ids[:, position], state)
    assert torch.allclose(log_probs, whole[:, -1], atol=1e-5)


@pytest.mark.parametrize("kind", NETS)
def test_no_word_looks_ahead(kind, ids):
    other = ids.clone()
    other[:, -1] = (other[:, -1] + 1) % WORDS
    with torch.no_grad():
        one, two = (NETS[kind]()(part) for part in (ids, other))
    assert torch.equal(one[:, :-1], two[:, :-1])
    assert not torch.equal(one[:, -1], two[:, -1])


@pytest.mark.parametrize("kind", NETS)
def test_a_window_is_told_like_the_end_of_a_text(kind, ids):
    with torch.no_grad():
        every = NETS[kind]()(beginning(ids))
        window = NETS[kind](every=False)(ids)
    assert torch.allclose(every[:, -1], window, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_state_is_carried_but_not_into_a_new_text(cell, ids):
    half = LENGTH // 2
    begun = beginning(ids)
    with torch.no_grad():
        whole = recurrent(cell)(begun)
        net = recurrent(cell)
        net(begun[:, :half])
        second = begun[:, half:].clone()
        second[1, 0] = ~second[1, 0]  # of the three rows, the middle one begins a text here
        carried = net(second)
        alone = recurrent(cell)(beginning(ids[:, half:]))
    assert torch.allclose(carried[[0, 2]], whole[[0, 2], half:], atol=1e-6)
    assert torch.allclose(carried[1], alone[1], atol=1e-6)
    assert not torch.allclose(carried[1], whole[1, half:], atol=1e-3)


def test_gradients_stop_at_the_border_of_a_batch(ids):
    net = recurrent().train()
    net(beginning(ids)).sum().backward()
    net.zero_grad()
    net(ids).sum().backward()  # a second backward through the first graph would raise
    assert net.embedding.weight.grad.abs().sum() > 0


def test_tied_scores_share_the_vectors():
    net = recurrent(tied=True)
    assert net.output.weight is net.embedding.weight
    assert sum(p.numel() for p in net.parameters()) < sum(
        p.numel() for p in recurrent(dimension=7).parameters()
    )


def test_a_transformer_forgets_what_is_behind_its_reach():
    net = transformer(layers=1)
    near = torch.randint(0, WORDS, (1, LENGTH))
    with torch.no_grad():
        _, state = net.start(torch.randint(0, WORDS, (1, LENGTH)))
        for word in near.T:
            log_probs, state = net.step(word, state)
        fresh, _ = net.start(near)
    assert state[0][0].shape[2] == LENGTH
    assert torch.allclose(log_probs, fresh, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: recurrent("rnn"), "model.cell is 'rnn': expected one of lstm, gru"),
        (lambda: transformer(heads=3), "model.width is 8: expected a multiple of model.heads=3"),
        (
            lambda: CausalTransformer((6,), (12,), WORDS, width=8, heads=2, layers=1, dropout=0.0),
            "a language model scores the 20 words",
        ),
    ],
)
def test_settings_that_cannot_be(make, message):
    with pytest.raises(BakeoffError, match=message):
        make()

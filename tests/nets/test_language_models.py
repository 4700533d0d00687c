"""What all language models have in common: a whole text gets the scores that it gets word by word."""

import pytest
import torch

from bakeoff.errors import BakeoffError
from bakeoff.nets.carried_state import read


def test_word_by_word_scores_are_those_of_the_whole_text(language_model, ids):
    net = language_model()
    with torch.no_grad():
        whole = read(net, ids)[0].log_softmax(dim=-1)
        log_probs, state = net.start(ids[:, :2])
        for position in range(2, ids.shape[1]):
            assert torch.allclose(log_probs, whole[:, position - 1], atol=1e-5)
            log_probs, state = net.step(ids[:, position], state)
    assert torch.allclose(log_probs, whole[:, -1], atol=1e-5)


def test_no_word_looks_ahead(language_model, ids):
    other = ids.clone()
    other[:, -1] = (other[:, -1] + 1) % 20
    with torch.no_grad():
        one, two = (read(language_model(), part)[0] for part in (ids, other))
    assert torch.equal(one[:, :-1], two[:, :-1])
    assert not torch.equal(one[:, -1], two[:, -1])


def test_a_window_gets_the_scores_of_the_end_of_a_text(language_model, ids):
    with torch.no_grad():
        every, _ = read(language_model(), ids)
        window = language_model(every=False)(ids)
    assert torch.allclose(every[:, -1], window, atol=1e-6)


def test_the_mark_of_a_beginning_is_no_other_word(language_model, ids):
    begun = torch.cat([~ids[:, :1], ids[:, 1:]], dim=1)
    with torch.no_grad():
        assert torch.equal(read(language_model(), begun)[0], read(language_model(), ids)[0])


def test_another_task_than_the_next_word_is_refused(language_model):
    with pytest.raises(BakeoffError, match="a language model scores the 20 words"):
        language_model(output_shape=(12,))

"""Beam search: keeps the B best sequences at each step, for all prompts in one call of the model."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from bakeoff.text.blocking import NONE, block, left_padded
from bakeoff.text.continuation import Continuation, continuations
from bakeoff.text.decoding import Beams, Limits
from bakeoff.text.step import State, Step, rows, spread


class Continued(NamedTuple):
    """The B best sequences of each of P prompts after one more word, best first; all fields (P, B).

    `parents`: the number, among the B sequences before, of the one that this sequence continues. `ids`: the
    added word, -1 if the sequence was done. `totals`: the accumulated log-probability. `lengths`: the
    number of words. `scores`: the values by which the sequences are ranked.
    """

    parents: Tensor
    ids: Tensor
    totals: Tensor
    lengths: Tensor
    scores: Tensor


def best_continued(
    log_probs: Tensor, totals: Tensor, lengths: Tensor, done: Tensor, length_exponent: float
) -> Continued:
    """The best B of all one-word continuations of each prompt's B sequences.

    `log_probs` (P * B, V) of the next word; `totals`, `lengths` and `done` (P, B) of the sequences so far.
    The only continuation of a sequence that is done is that sequence itself.
    """
    P, B = totals.shape
    # The best B of all are among the best B of each sequence: B * K candidates instead of B * V.
    gains, ids = log_probs.topk(min(B, log_probs.shape[1]))  # (P * B, K)
    K = gains.shape[1]
    gains, ids = gains.double().view(P, B, K), ids.view(P, B, K)
    ids = ids.masked_fill(done[..., None], NONE)
    gains = gains.masked_fill(done[..., None], -torch.inf)
    gains[..., 0].masked_fill_(done, 0)

    totals = totals[..., None] + gains
    lengths = (lengths + ~done)[..., None].expand(P, B, K)
    scores, places = (totals / lengths**length_exponent).view(P, B * K).topk(B)
    ids, totals, lengths = (
        part.reshape(P, B * K).gather(1, places) for part in (ids, totals, lengths)
    )
    return Continued(places // K, ids, totals, lengths, scores)


@torch.inference_mode()
def beam_search(
    step: Step,
    log_probs: Tensor,
    state: State,
    *,
    limits: Limits,
    beams: Beams,
    prompts: Sequence[Sequence[int]] | None = None,
) -> list[list[Continuation]]:
    """The B best continuations of each of P prompts that the search finds, best first.

    `log_probs` (P, V) and `state` are those of the model after it has read the prompts (see
    `bakeoff.text.step`), so the prompts may have different lengths. If `prompts` gives their ids, the
    no-repeat n-gram size of `limits` counts the n-grams of the prompts too.

    The search ranks sequences by accumulated log-probability, with the length normalization of `beams`. A
    sequence that has reached an end keeps its score and its place until B better sequences displace it.
    The result for one prompt does not depend on the other prompts (up to rounding inside the model).

    The search is exact if B is at least V ** (limits.maximum - 1), because it then keeps every shorter
    sequence: B = V is exact for 2 words. B = 1 is greedy decoding. A prompt with fewer than B possible
    continuations gets fewer. Raises BakeoffError if a prompt has none, or if no word may be generated.
    """
    P, V = log_probs.shape
    B = beams.count
    limits.check(V)
    device = log_probs.device
    # Every prompt starts with B equal sequences; all but the first are impossible, or all would stay equal.
    log_probs, state = spread(log_probs, state, B)
    seen = left_padded([[]] * P if prompts is None else prompts, device)
    words = seen.repeat_interleave(B, 0)  # (P * B, prompt + generated)
    totals = torch.full((P, B), -torch.inf, dtype=torch.float64, device=device)
    totals[:, 0] = 0
    lengths = torch.zeros(P, B, dtype=torch.float64, device=device)
    done = torch.zeros(P, B, dtype=torch.bool, device=device)
    ends = torch.tensor(limits.ends, dtype=torch.int64, device=device)
    first = torch.arange(P, device=device)[:, None] * B  # row of each prompt's first beam

    for length in range(limits.maximum):
        if length:
            log_probs, state = step(words[:, -1].clamp(min=0), state)
        left = block(log_probs, words, length, limits)
        best = best_continued(left, totals, lengths, done, beams.length_exponent)
        totals, lengths = best.totals, best.lengths
        done = done.gather(1, best.parents) | torch.isin(best.ids, ends)
        index = (first + best.parents).flatten()
        words = torch.cat([words[index], best.ids.view(-1, 1)], 1)
        state = rows(state, index)
        # Asked only if texts can end early: on a GPU the answer has to wait for all work so far.
        if limits.ends and bool((done | totals.isinf()).all()):
            break

    generated = words[:, seen.shape[1] :].view(P, B, -1)
    return continuations(generated, totals, best.scores, limits)

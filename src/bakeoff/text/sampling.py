"""Greedy decoding, and sampling with temperature, top-k and top-p."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bakeoff.text.blocking import NONE, block, left_padded
from bakeoff.text.continuation import Continuation, continuations
from bakeoff.text.decoding import Limits, Sampling
from bakeoff.text.step import State, Step, spread


def temper(log_probs: Tensor, temperature: float) -> Tensor:
    """The logarithm of p(w) ** (1 / temperature), normalized, for log_probs (..., V)."""
    return (log_probs / temperature).log_softmax(-1)


def top_k(log_probs: Tensor, k: int) -> Tensor:
    """Sets all but the k greatest of log_probs (..., V) to -inf; does not normalize the rest again."""
    kept = log_probs.topk(min(k, log_probs.shape[-1])).indices
    return torch.full_like(log_probs, -torch.inf).scatter(-1, kept, log_probs.gather(-1, kept))


def top_p(log_probs: Tensor, p: float) -> Tensor:
    """Sets log_probs (..., V) outside the nucleus to -inf; does not normalize the rest again.

    The nucleus is the smallest set of most probable words whose probabilities, normalized, add up to at
    least p (Holtzman et al., ICLR 2020). It has at least one word.
    """
    ordered, order = log_probs.log_softmax(-1).double().sort(stable=True, dim=-1, descending=True)
    probs = ordered.exp()
    # A word is in the nucleus if the more probable words do not reach p without it.
    outside = probs.cumsum(-1) - probs >= p
    return log_probs.masked_fill(torch.zeros_like(outside).scatter(-1, order, outside), -torch.inf)


def filtered(log_probs: Tensor, how: Sampling) -> Tensor:
    """log_probs (..., V) with temperature, top-k and top-p applied, in this order."""
    if how.temperature != 1:
        log_probs = temper(log_probs, how.temperature)
    if how.top_k is not None:
        log_probs = top_k(log_probs, how.top_k)
    return top_p(log_probs, how.top_p) if how.top_p < 1 else log_probs


def draw(log_probs: Tensor, uniform: Tensor) -> Tensor:
    """Words (N,) drawn from log_probs (N, V) by inverse transform sampling, with `uniform` (N,) in [0, 1).

    The log-probabilities need not be normalized. A word of probability 0 is never drawn.
    """
    cumulated = log_probs.double().softmax(-1).cumsum(-1)
    place = uniform[:, None] * cumulated[:, -1:]
    # A row without any possible word is NaN. Any word will do for it, but the index must exist.
    return torch.searchsorted(cumulated, place, right=True)[:, 0].clamp(max=log_probs.shape[1] - 1)


@torch.inference_mode()
def greedy(
    step: Step,
    log_probs: Tensor,
    state: State,
    *,
    limits: Limits,
    prompts: Sequence[Sequence[int]] | None = None,
) -> list[list[Continuation]]:
    """One continuation of each of P prompts: at each step the most probable word that `limits` allows.

    Arguments, result and errors are those of `bakeoff.text.beam_search.beam_search`.
    """
    return _generate(step, log_probs, state, 1, limits, prompts, lambda left, _: left.argmax(-1))


@torch.inference_mode()
def sample(
    step: Step,
    log_probs: Tensor,
    state: State,
    *,
    limits: Limits,
    sampling: Sampling,
    seeds: Sequence[int],
    samples: int = 1,
    prompts: Sequence[Sequence[int]] | None = None,
) -> list[list[Continuation]]:
    """`samples` random continuations of each of P prompts, in the order drawn.

    `seeds` has one seed for each prompt. The samples of a prompt depend neither on the other prompts nor on
    the number of samples: a larger number only adds some. Prompts with equal seeds use equal random numbers
    and may converge to the same text, so give each prompt its own seed. A sample is left out if `limits`
    allows it no next word.

    The other arguments, the result and the errors are those of `bakeoff.text.beam_search.beam_search`.
    """
    noise = torch.stack(
        [
            torch.rand(
                samples,
                limits.maximum,
                dtype=torch.float64,
                generator=torch.Generator().manual_seed(seed),
            )
            for seed in seeds
        ]
    )
    noise = noise.flatten(0, 1).to(log_probs.device)

    def choose(left: Tensor, length: int) -> Tensor:
        return draw(filtered(left, sampling), noise[:, length])

    return _generate(step, log_probs, state, samples, limits, prompts, choose)


def _generate(
    step: Step,
    log_probs: Tensor,
    state: State,
    copies: int,
    limits: Limits,
    prompts: Sequence[Sequence[int]] | None,
    choose: Callable[[Tensor, int], Tensor],
) -> list[list[Continuation]]:
    """`copies` continuations of each prompt; `choose(log_probs, length)` returns the next words (N,)."""
    P, V = log_probs.shape
    limits.check(V)
    device = log_probs.device
    log_probs, state = spread(log_probs, state, copies)
    seen = left_padded([[]] * P if prompts is None else prompts, device)
    words = seen.repeat_interleave(copies, 0)
    totals = torch.zeros(P * copies, dtype=torch.float64, device=device)
    done = torch.zeros(P * copies, dtype=torch.bool, device=device)
    ends = torch.tensor(limits.ends, dtype=torch.int64, device=device)
    for length in range(limits.maximum):
        if length:
            log_probs, state = step(words[:, -1].clamp(min=0), state)
        left = block(log_probs, words, length, limits)
        ids = choose(left, length)
        gains = left.gather(1, ids[:, None])[:, 0].double()
        totals = totals + gains.masked_fill(done, 0)
        ids = ids.masked_fill(done, NONE)
        words = torch.cat([words, ids[:, None]], 1)
        done = done | torch.isin(ids, ends)
        if limits.ends and bool((done | totals.isinf()).all()):
            break
    generated = words[:, seen.shape[1] :].view(P, copies, -1)
    totals = totals.view(P, copies)
    return continuations(generated, totals, totals, limits)

"""Time of beam search with carried LSTM state beside recomputing every beam from its start.

    OMP_NUM_THREADS=1 python benchmarks/beam_search.py [--small]

The same search with the same net (untrained: its time does not depend on its weights) both ways, in turns.
The side that recomputes is no straw man: it too reads all beams in one batch, by nn.LSTM's own pass
over whole sequences, and asks the output layer for the last position only.
"""

import argparse
import statistics
import time

import torch
from torch import Tensor, nn

from bakeoff.nets.cell_step import RecurrentState, cell_step, sequences_first
from bakeoff.text.beam_search import beam_search
from bakeoff.text.continuation import Continuation
from bakeoff.text.decoding import Beams, Limits


class Language(nn.Module):
    """The original's deep LSTM over embeddings, with a vocabulary such as the course's."""

    def __init__(self, vocabulary: int, embedding: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, vocabulary)

    def read(self, words: Tensor) -> tuple[Tensor, RecurrentState]:
        """Log-probabilities (N, V) after words (N, T), and the state."""
        found, state = self.lstm(self.embed(words))
        return self.out(found[:, -1]).log_softmax(-1), sequences_first(state)

    def carried(self, ids: Tensor, state: RecurrentState) -> tuple[Tensor, RecurrentState]:
        """A step that reads one word."""
        found, state = cell_step(self.lstm, self.embed(ids), state)
        return self.out(found).log_softmax(-1), state

    def recomputed(self, ids: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        """A step whose state is the text so far (N, T), read from its start."""
        words = torch.cat([words, ids[:, None]], 1)
        return self.read(words)[0], words


def main(words: int, beams: int, repeat: int) -> None:
    """Print both times and their ratio."""
    torch.manual_seed(0)
    net = Language(vocabulary=1880, embedding=16, hidden=96, layers=3).eval()
    nn.init.normal_(
        net.out.weight, std=1.0
    )  # as far from even as a trained one: no ties among beams
    prompt = torch.randint(1880, (1, 4))
    limits = Limits(minimum=words, maximum=words, forbidden=(0,), ngram=3)
    how = Beams(count=beams, length_exponent=0.0)

    def carried() -> list[list[Continuation]]:
        with torch.inference_mode():
            start = net.read(prompt)
        return beam_search(net.carried, *start, limits=limits, beams=how)

    def recomputed() -> list[list[Continuation]]:
        with torch.inference_mode():
            log_probs, _ = net.read(prompt)
        return beam_search(net.recomputed, log_probs, prompt, limits=limits, beams=how)

    times: dict[str, list[float]] = {"carried": [], "recomputed": []}
    for _ in range(repeat):
        found = []
        for name, search in (("carried", carried), ("recomputed", recomputed)):
            start = time.perf_counter()
            found.append(search())
            times[name].append(time.perf_counter() - start)
        if [t.words for t in found[0][0]] != [t.words for t in found[1][0]]:
            raise SystemExit("the two ways found different texts")
    print(
        f"{words} words, {beams} beams, LSTM 3x96, {torch.get_num_threads()} threads, {repeat} turns"
    )
    middle = {name: statistics.median(found) for name, found in times.items()}
    for name, title in (("carried", "state carried"), ("recomputed", "beams recomputed")):
        print(f"{title:<18} median {middle[name]:8.3f} s  least {min(times[name]):8.3f} s")
    least = min(times["carried"]) / min(times["recomputed"])
    print(
        f"ratio of medians   {middle['carried'] / middle['recomputed']:8.3f}  of the least {least:8.3f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--words", type=int, default=100)
    parser.add_argument("--beams", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=9, help="turns of both")
    parser.add_argument("--small", action="store_true", help="12 words, 2 beams, 1 turn")
    parsed = parser.parse_args()
    if parsed.small:
        main(12, 2, 1)
    else:
        main(parsed.words, parsed.beams, parsed.repeat)

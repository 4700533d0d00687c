"""What is independent in a text."""

import torch

from bakeoff.text.corpus import Split
from bakeoff.text.units import BLOCK, ENOUGH, text_units


def text(*lengths: int) -> Split:
    borders = torch.tensor([0, *lengths]).cumsum(dim=0)
    return Split(torch.zeros(int(borders[-1]), dtype=torch.int32), borders)


def test_many_documents_are_the_units():
    units = text_units(torch.tensor([0, 1, 2, 3, 4, 59]), text(*[3] * ENOUGH))
    assert units.name == "documents"
    assert units.of_example.tolist() == [0, 0, 0, 1, 1, 2]


def test_few_documents_are_cut_into_blocks():
    places = torch.tensor([0, BLOCK - 1, BLOCK, BLOCK + 10, BLOCK + 11])
    units = text_units(places, text(BLOCK + 11, 50))
    assert units.name == f"blocks of {BLOCK} words of 2 documents"
    assert units.of_example.tolist() == [0, 0, 1, 1, 2]


def test_one_document_is_no_plural():
    assert text_units(torch.tensor([0]), text(9)).name == f"blocks of {BLOCK} words of 1 document"


def test_a_block_is_of_one_document():
    units = text_units(torch.tensor([10, 20, 30]), text(15, 10, 10))
    assert units.of_example.tolist() == [0, 1, 2]

"""Numbers and times as people read them."""

import math

import pytest

from bakeoff.report.wording import (
    breakable,
    counted,
    decimals,
    duration,
    number,
    prose,
    signed,
    size,
    thousands,
)


def test_numbers_show_four_digits_and_two_of_the_spread():
    assert decimals([0.8123], [0.0041]) == 4
    assert decimals([123.4], [2.3]) == 1
    assert decimals([0.9812], [0.00031]) == 5
    assert decimals([None], [None]) == 3
    assert decimals([1e-9]) == 6
    assert number(-0.12345, 3) == "\N{MINUS SIGN}0.123"
    assert number(1.2e-9, 6) == "1.2e\N{MINUS SIGN}09"
    assert number(None) == number(math.inf) == "–"
    assert [signed(value, 1) for value in (0.25, -0.25, 0.0)] == [
        "+0.2",
        "\N{MINUS SIGN}0.2",
        "0.0",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"),
        (0.0000123, "12.3 µs"),
        (0.06, "0.1 s"),
        (0.000012, "12 µs"),
        (0.0009994, "999 µs"),
        (0.0009996, "1 ms"),
        (0.04, "40 ms"),
        (0.05, "0.1 s"),
        (9.96, "10 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (4000, "1 h 6 min"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [(None, "–"), (812, "1 kB"), (636_000, "636 kB"), (9_940_000, "9,940 kB"), (9_960_000, "10 MB"),
     (812e6, "812 MB"), (1.25e9, "1.2 GB")],
)  # fmt: skip
def test_sizes(octets, text):
    assert size(octets) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (9_999, "9,999"), (10_000, "10 k"), (50_826, "50.8 k"), (7.69e6, "7.69 M"),
     (1.5e9, "1.5 G")],
)  # fmt: skip
def test_thousands(value, text):
    assert thousands(value) == text


def test_one_thing_is_in_the_singular():
    assert [counted(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]


def test_names_break_between_words_only():
    assert breakable("lenet5/deep") == "lenet5/<wbr>deep"
    assert breakable("a,b") == "a,<wbr>b"
    assert breakable("language_model/lstm_deep") == "language_model/<wbr>lstm_deep"
    assert breakable("a_name_that_fits_no_narrow_column/b").count("_<wbr>") == 6
    assert (
        breakable("optimizer.weight_decay=0.7867") == "optimizer.<wbr>weight_<wbr>decay=<wbr>0.7867"
    )
    assert (
        breakable("a.rather.long.key=-0.5:1e-05")
        == "a.<wbr>rather.<wbr>long.<wbr>key=<wbr>-0.5:<wbr>1e-05"
    )
    assert breakable("<b>") == "&lt;b&gt;"


def test_code_in_a_sentence_is_code_and_text_stays_text():
    assert prose("add <seeds> with `run a/b 'seed=range(5)'`.") == (
        "add &lt;seeds&gt; with <code>run a/<wbr>b &#39;seed=range(5)&#39;</code>."
    )
    assert prose("nothing else") == "nothing else"

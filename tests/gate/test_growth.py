"""Configs whose references stand for more than anybody can hold."""

import pytest
from omegaconf import OmegaConf

from bakeoff.errors import BakeoffError
from bakeoff.gate.growth import refuse_growth, sizes
from bakeoff.sweep.plan import plan


def size(text):
    content = OmegaConf.to_container(OmegaConf.create(text), resolve=False)
    return dict(sizes(content))


def resolved(text):
    return OmegaConf.to_container(OmegaConf.create(text), resolve=True)


def test_texts_count_their_characters_and_what_they_refer_to():
    text = "a: abc\nb: x${a}${a}y\nc: [1, 2]\nd: ${c}"
    assert resolved(text) == {"a": "abc", "b": "xabcabcy", "c": [1, 2], "d": [1, 2]}
    # A value counts one and its characters, those of the reference too.
    assert size(text) == {"a": 4, "b": 1 + 10 + 2 * 4, "c": 3, "d": 1 + 4 + 3}


@pytest.mark.parametrize(
    ("reference", "value"),
    [("${..b.c}", "far"), ("${.c}", "near"), ("${b.d[1]}", "second"), ("${b[c]}", "far")],
)
def test_references_lead_where_they_lead_for_omegaconf(reference, value):
    text = f"b: {{c: far, d: [first, second]}}\ne: {{c: near, f: '{reference}'}}"
    assert resolved(text)["e"]["f"] == value
    assert size(text)["e"] == 1 + 5 + (1 + len(reference) + 1 + len(value))


def test_a_list_counts_by_its_numbers():
    assert size("[abc, {b: '${[0]}'}]") == {"0": 4, "1": 1 + (1 + 6) + 4}


def bomb(levels, line):
    return "\n".join(
        [f"l{at}: {line.format(below=f'l{at - 1}')}" for at in range(levels, 0, -1)]
        + ["l0: xxxxxxxx"]
    )


@pytest.mark.parametrize("line", ["${{{below}}}${{{below}}}", "['${{{below}}}', '${{{below}}}']"])
def test_references_that_repeat_references_are_refused(line):
    with pytest.raises(BakeoffError, match=r"here: l\d+: .*stands for more than 10,000,000"):
        refuse_growth(OmegaConf.create(bomb(64, line)), "here")
    refuse_growth(OmegaConf.create(bomb(10, line)), "here")


@pytest.mark.parametrize(
    "line",
    [
        "${{oc.select:{below}}}${{ oc.select:{below} , no}}",
        "['${{oc.dict.values:{below}}}', '${{oc.dict.values:{below}}}']",
        "${{${{n{below}}}}}${{${{n{below}}}}}",
        "${{.${{n.{below}}}}}${{.${{n.{below}}}}}",
        "${{oc.select:${{n{below}}}}}${{oc.select:${{n{below}}},1}}",
    ],
)
def test_what_leads_to_a_value_by_another_way_counts_too(line):
    def built(levels):
        names = [f"nl{at}: l{at}" for at in range(levels)]
        numbers = ["n:", *(f"  l{at}: l{at}" for at in range(levels))]
        return OmegaConf.create("\n".join([bomb(levels, line), *names, *numbers]))

    with pytest.raises(BakeoffError, match=r"here: l\d+: .*stands for more than 10,000,000"):
        refuse_growth(built(64), "here")
    refuse_growth(built(10), "here")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${${oc.env:HOME}}", "expected a reference to a plain name within a name"),
        ("${a.${b.${c}}}", "expected a reference to a plain name within a name"),
        ("${${other}}", "expected a reference to a plain name within a name"),
        ("${a.${c}.${c}.${c}.${c}}", "expected at most 3 within a name"),
        ("${oc.select:'a,b'}", "expected a plain key"),
        ("${oc.select:${b} ${c}}", "expected a plain key"),
        ("${oc.select:a.${oc.env:HOME}}", "expected a reference to a plain name within a name"),
        ("${oc.decode:${c}}", "expected no reference, but to the environment"),
        (r"${oc.decode:{a:1},'\${c}'}", "expected no reference, but to the environment"),
        ("${oc.create:{a: '$'}}", "expected no reference, but to the environment"),
    ],
)
def test_what_cannot_be_told_is_refused(text, expected):
    config = OmegaConf.create({"a": {"k": text}, "b": 1, "c": "x", "other": "${c}"})
    with pytest.raises(BakeoffError, match=rf"^here: a\.k: .*: {expected}$"):
        refuse_growth(config, "here")


@pytest.mark.parametrize(
    "text",
    [
        "${a.${c}}",
        "${oc.select:b,1}",
        "${oc.select:'a.x',1}",
        "${oc.select:a.${c},${b} ${b}}",
        "${oc.decode:${oc.env:N,'[1, 2]'}}",
        "${oc.decode:'[1]'}",
    ],
)
def test_usual_references_are_not(text):
    config = {"a": {"x": 1}, "b": 1, "c": "x", "d": text}
    refuse_growth(OmegaConf.create(config), "here")
    assert len(text) < dict(sizes(config))["d"] < len(text) + 10


def test_references_in_a_circle_and_to_nothing_count_nothing():
    assert size("a: ${b}\nb: ${a}\nc: ${nowhere.at.all}\nd: ${oc.env:HOME}")["c"] == 17 + 1 + 1


def test_a_chain_too_long_to_follow_is_refused():
    chain = "\n".join([f"l{at}: ${{l{at - 1}}}" for at in range(3000, 0, -1)] + ["l0: x"])
    with pytest.raises(BakeoffError, match="here: its references lead to references too often"):
        refuse_growth(OmegaConf.create(chain), "here")


def test_an_experiment_is_refused_before_it_is_resolved(tmp_path):
    (tmp_path / "own.yaml").write_text(
        "defaults: [config, _self_]\n" + bomb(64, "${{{below}}}${{{below}}}")
    )
    with pytest.raises(BakeoffError, match=r"own: l\d+: with what its references repeat"):
        plan("own", [], config_dir=tmp_path)

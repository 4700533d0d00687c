"""What a template tells of a job is what composing the whole job gives."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf
from omegaconf.errors import InterpolationKeyError, InterpolationToMissingValueError

from bakeoff.sweep.compose.template import Sections, Template, set_values

BASE = """
seed: 0
lr: 0.1
data: {root: "${place}", fold: null, sizes: [1, 2]}
place: here
net: {hidden: [8, 8], of: "${data.fold}"}
also: ${net}
deep: {a: {up: "${..b}", root: "${...seed}", list: ["${lr}", {x: "${....b}"}]}, b: 1, env: "${oc.env:HOME}"}
chain: "${deep.a.root}"
hydra: {job: {num: 3, name: '???'}, of: "${seed}"}
through: ${hydra.of}
number: ${hydra.job.num}
"""
JOBS = [
    ["seed=1", "data.fold=2"],
    ["seed=2", "data.fold=3"],
    ["data.fold=4"],  # fewer values than the job before: the others are as composed
    ["seed=3", "net={extra: 1}"],
    ["seed=3", "net={other: 2}"],  # is merged with what was composed, not with the job before
    ["place=there", "lr=1"],
    ["also.hidden=[9]", "net.of=x"],  # reaches another section through a reference
    ["seed=7", "~net"],
    ["seed=8", "++new.deep=1"],
    ["seed=${lr}"],
    ["deep.b=5", "lr=7"],
    ["deep.b=6", "lr=7"],
    ["deep.a.up=1"],
    ["net.hidden=[1]"],
    ["net.hidden=[2,3]"],
    [],
]


def parsed(lines):
    return OverridesParser.create().parse_overrides(lines)


@pytest.mark.parametrize("order", [JOBS, JOBS[::-1], [job for job in JOBS for _ in range(2)]])
def test_each_job_is_as_composed_alone(order):
    template = Template(OmegaConf.create(BASE), hidden=("hydra",))
    for lines in order:
        alone = OmegaConf.create(BASE)
        values = parsed(lines)
        set_values(values, alone)
        sections = Sections(template, values)
        if "~net" in lines:
            with pytest.raises(InterpolationKeyError):
                dict(sections)
            del alone["also"]
            names = [name for name in alone if name != "hydra"]
            found = {name: sections[name] for name in names}
        else:
            found = dict(sections)
        alone_plain = OmegaConf.to_container(alone, resolve=True)
        del alone_plain["hydra"]
        assert found == alone_plain


@pytest.mark.parametrize("lines", JOBS)
def test_the_text_is_the_yaml_of_the_config(lines):
    template = Template(OmegaConf.create(BASE), hidden=("hydra",))
    for words in (["seed=5", "net.of=1"], lines):
        values = parsed(words)
        config = template.config(values)
        del config["hydra"]
        assert template.text(values) == OmegaConf.to_yaml(config)


def test_a_missing_value_stays_and_a_reference_to_one_is_an_error():
    template = Template(OmegaConf.create({"a": "???", "b": {"c": "${a}"}}))
    assert Sections(template, [])["a"] == "???"
    with pytest.raises(InterpolationToMissingValueError):
        _ = Sections(template, [])["b"]
    with pytest.raises(KeyError):
        _ = Sections(template, [])["d"]


def test_a_section_without_references_is_worked_out_once_for_the_same_values(monkeypatch):
    template, filled = Template(OmegaConf.create(BASE)), []
    live = Template.live
    monkeypatch.setattr(Template, "live", lambda *a: filled.append(a) or live(*a))
    for seed in (1, 2, 1):
        assert Sections(template, parsed([f"seed={seed}", "lr=3"]))["lr"] == 3
    assert len(filled) == 1


def test_a_section_is_resolved_anew_where_what_it_refers_to_has_other_values(monkeypatch):
    base = OmegaConf.create({"seed": 0, "lr": 1, "of": {"lr": "${lr}"}, "any": "${oc.env:HOME}"})
    template, resolved = Template(base), []
    live = Template.live
    monkeypatch.setattr(Template, "live", lambda *a: resolved.append(a) or live(*a))
    for seed, lr in ((1, 1), (2, 1), (2, 3)):
        assert Sections(template, parsed([f"seed={seed}", f"lr={lr}"]))["of"] == {"lr": lr}
    assert len(resolved) == 2
    for _ in range(2):
        _ = Sections(template, [])["any"]
    assert len(resolved) == 4

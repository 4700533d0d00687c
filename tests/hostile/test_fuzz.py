"""Whatever a file holds, its reader takes it or refuses it in words; `benchmarks/fuzz.py` tries longer."""

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.damage import contents
from tests.hostile.readers import READERS, refusal, wholes

brief = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("kind", READERS)
@brief
@given(data=st.data())
def test_a_reader_takes_a_file_or_says_why_not(tmp_path_factory, kind, data):
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    said = refusal(kind, data.draw(contents(wholes(kind))), folder)
    assert said is None or (said.strip() and "\x1b" not in said)


@pytest.mark.parametrize("kind", READERS)
def test_a_reader_takes_what_is_whole(tmp_path, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        for content in wholes(kind):
            said = refusal(kind, content, tmp_path)
            assert said is None, said

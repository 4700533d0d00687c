"""`bakeoff similar` before anything is loaded."""


def test_similar_without_words_says_what_to_give(workplace):
    done = workplace.run("similar", "latest")
    assert done.returncode == 1
    assert "give words, such as bakeoff similar embedding/latest" in done.stderr

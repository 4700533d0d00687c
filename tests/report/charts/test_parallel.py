"""A line for each candidate, through its place on every axis."""

from bakeoff.report.charts.parallel import Look, Scale, draw_parallel

SCALES = [
    Scale("lr", [(0.0, "0.001"), (1.0, "0.1")], [0.0, 1.0]),
    Scale("score", [(0.0, "0.50"), (1.0, "0.90")], [1.0, 0.0]),
]
LOOKS = [Look("good: 0.90", True, True), Look("bad: 0.50", False, False)]


def test_every_candidate_is_a_line_that_tells_its_name(chart):
    found = chart(draw_parallel(SCALES, LOOKS, "score over all"))
    assert set(found.tips) == {"good: 0.90", "bad: 0.50"}
    assert found.tips[-1] == "good: 0.90"  # over the others
    assert {"lr", "score", "0.001", "0.1", "0.50", "0.90"} <= set(found.texts)


def test_the_selected_one_is_in_colour(chart):
    found = chart(draw_parallel(SCALES, LOOKS, "score over all", 330))
    assert "var(--accent)" in found.style("good: 0.90")
    assert "var(--accent)" not in found.style("bad: 0.50")

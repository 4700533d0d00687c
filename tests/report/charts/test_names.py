"""Names are short and still tell the candidates apart."""

from bakeoff.report.charts.names import distinguishing, shortened


def test_long_names_are_cut_where_they_are_alike():
    name = "model=lenet5/deep,optimizer.lr=0.001"
    assert shortened(name, 21) == "model=lene…r.lr=0.001"
    assert shortened("two\n lines", 21) == "two lines"


def test_names_are_shortened_to_what_tells_them_apart():
    names = [f"model=mlp,optimizer.lr={rate},seed=0" for rate in ("0.1", "0.2")]
    assert distinguishing(names) == ["lr=0.1", "lr=0.2"]
    assert distinguishing(["lenet5/deep", "mlp"]) == ["lenet5/deep", "mlp"]
    names = [f"regularization={r} optimizer.lr={lr}" for r in ("none", "l1") for lr in (0.1, 0.2)]
    expected = ["none lr=0.1", "none lr=0.2", "l1 lr=0.1", "l1 lr=0.2"]
    assert distinguishing(names) == expected
    # Not where two would become the same, or one would become nothing.
    assert distinguishing(["a.lr=1", "b.lr=1"]) == ["a.lr=1", "b.lr=1"]
    assert distinguishing(["x", "x,lr=1"]) == ["x", "x,lr=1"]
    assert distinguishing(["x,lr=1"]) == ["x,lr=1"]

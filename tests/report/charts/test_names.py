"""Names are short and still tell the candidates apart."""

from bakeoff.report.charts.names import abbreviated, shortened


def test_long_names_are_cut_where_they_are_alike():
    name = "model=lenet5/deep,optimizer.lr=0.001"
    assert shortened(name, 21) == "model=lene…r.lr=0.001"
    assert shortened("two\n lines", 21) == "two lines"


def test_keys_are_shortened_to_their_ends():
    names = [f"regularization={r} optimizer.lr={lr}" for r in ("none", "l1") for lr in (0.1, 0.2)]
    expected = ["none lr=0.1", "none lr=0.2", "l1 lr=0.1", "l1 lr=0.2"]
    assert abbreviated(names) == expected
    assert abbreviated(["lenet5/deep", "mlp/standard seed=1"]) == [
        "lenet5/deep",
        "mlp/standard seed=1",
    ]


def test_keys_stay_where_they_tell_names_apart():
    assert abbreviated(["a.lr=1", "b.lr=1"]) == ["a.lr=1", "b.lr=1"]

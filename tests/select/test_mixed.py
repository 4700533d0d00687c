"""What is said of runs that packages or code changed between."""

from bakeoff.select.mixed import mixed
from bakeoff.store.record import Metric, RunRecord


def run(name: str, code: str | None = "c0", status="completed", **environment) -> RunRecord:
    made = RunRecord(name, status, "e", "t", "c", [], 0, Metric("m", "max", 1.0))
    made.code, made.environment = code, environment
    return made


def test_different_packages_or_code_of_one_candidate_are_a_caution():
    old, new = {"packages": {"torch": "2.12"}}, {"packages": {"torch": "2.13"}}
    assert mixed([run("a", **old), run("b", **old), run("c", code=None)]) == []
    packages, code = mixed([run("a", "c0", **old), run("b", "c1", **new)])
    assert packages.startswith("The runs were trained with different versions of torch:")
    assert "changed between the runs of c:" in code
    assert mixed([run("a", "c0"), run("b", "c1", status="failed")]) == []
    other = run("b", "c1")
    other.candidate = "d"  # another net has other code
    assert mixed([run("a", "c0"), other]) == []


def test_a_module_that_candidates_share_is_a_caution_where_it_changed():
    one, other = run("a", "c0"), run("b", "c1")
    other.candidate = "d"
    one.modules = {"acme.data": "0", "acme.net": "1"}
    other.modules = {"acme.data": "0", "acme.other_net": "2"}
    assert mixed([one, other]) == []
    other.modules |= {"acme.data": "3"}
    (said,) = mixed([one, other])
    assert said.startswith("acme.data changed between the runs:")
    other.status = "interrupted"
    assert mixed([one, other]) == []


def test_a_package_that_the_code_of_two_candidates_imports_is_a_caution():
    one, other = run("a", "c0", packages={"torch": "2"}), run("b", "c1", packages={"torch": "2"})
    other.candidate = "d"
    one.packages = {"torch": "2", "python": "3.11", "timm": "1.0", "only_of_this": "1"}
    other.packages = {"torch": "2", "python": "3.11", "timm": "1.0"}
    assert mixed([one, other]) == []
    other.packages |= {"timm": "1.1", "python": "3.12"}
    (said,) = mixed([one, other])
    assert said.startswith("The runs were trained with different versions of python, timm:")
    other.status = "failed"
    assert mixed([one, other]) == []


def test_a_package_is_said_once_by_the_name_that_it_is_installed_by():
    one, other = (run(name, packages={"scikit-learn": v}) for name, v in (("a", "1"), ("b", "2")))
    one.packages, other.packages = {"sklearn": "1"}, {"sklearn": "2"}
    (said,) = mixed([one, other])
    assert "versions of scikit-learn:" in said
    one.environment = other.environment = {}
    (said,) = mixed([one, other])
    assert "versions of scikit-learn:" in said

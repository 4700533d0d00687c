"""Where all runs come from."""

from bakeoff.report.provenance import provenance
from bakeoff.store.record import Metric, RunRecord


def run(name: str, code: str | None = "c0", status="completed", **environment) -> RunRecord:
    made = RunRecord(name, status, "e", "t", "c", [], 0, Metric("m", "max", 1.0))
    made.code, made.environment = code, environment
    return made


def test_values_are_counted_over_the_runs():
    runs = [
        run("a", commit="f00", dirty=True, packages={"torch": "2.13", "numpy": "2.4"}),
        run("b", commit="f00", dirty=False, packages={"torch": "2.13", "numpy": "2.4"}),
        run("c", commit=None, code=None),
    ]
    assert provenance(runs) == [
        ("Commit", [("f00", 2), ("not recorded", 1)]),
        ("Uncommitted changes", [("yes", 1), ("no", 1), ("not recorded", 1)]),
        ("Packages", [("torch 2.13, numpy 2.4", 2), ("not recorded", 1)]),
    ]


def test_what_the_code_imports_beside_the_packages_of_every_record_is_listed():
    one = run("a", packages={"torch": "2.13"})
    one.packages = {"torch": "2.13", "timm": "1.0"}
    assert ("Other packages that the code imports", [("timm 1.0", 1)]) in provenance([one])

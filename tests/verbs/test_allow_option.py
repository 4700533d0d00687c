"""`--allow PACKAGE` on the commands that make objects from configs."""

import sys

import pytest

from bakeoff.cli import main
from bakeoff.gate.allowances import ALLOW

COMMANDS = ("run", "train", "check", "resume", "extend", "predict", "similar", "generate", "test")


@pytest.fixture
def package(workplace, tmp_path_factory, monkeypatch):
    """A working folder, and an installed package elsewhere that holds a net."""
    place = tmp_path_factory.mktemp("elsewhere")
    (place / "package_xyz.py").write_text(
        "from torch import nn\n\n\nclass Net(nn.ReLU):\n    pass\n"
    )
    monkeypatch.delitem(sys.modules, "package_xyz", raising=False)
    monkeypatch.syspath_prepend(place)
    monkeypatch.chdir(workplace.folder)
    monkeypatch.setenv(ALLOW, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_tells_of_it(capsys, command):
    if command == "train":
        pytest.skip("its help is Hydra's")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "--allow PACKAGE" in capsys.readouterr().out


@pytest.mark.parametrize("before", [True, False])
def test_a_package_elsewhere_is_allowed_by_it(package, capsys, before):
    words = ["tiny", "--dry-run", "+augment._target_=package_xyz.Net"]
    with pytest.raises(SystemExit):
        main(["run", *words])
    assert "--allow package_xyz" in capsys.readouterr().err
    option = ["--allow", "package_xyz"]
    main(["run", *option, *words] if before else ["run", *words, *option])
    assert "seed=1" in capsys.readouterr().out


def test_train_takes_it_between_hydras_own_options(package, capsys):
    words = ["--cfg", "job", "-p", "augment", "+augment._target_=package_xyz.Net"]
    with pytest.raises(SystemExit):
        main(["train", *words])
    assert "--allow package_xyz" in capsys.readouterr().err
    main(["train", *words[:2], "--allow=package_xyz", *words[2:]])
    assert "package_xyz.Net" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["run tiny", "train", "predict latest"])
def test_it_is_completed(capsys, monkeypatch, verb):
    monkeypatch.setenv("COMP_LINE", f"bakeoff {verb} --al")
    main(["completion", "fish", "--query"])
    assert capsys.readouterr().out.startswith("--allow\tlet configs name")

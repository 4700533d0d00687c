"""Nothing that is done before the selection loads the test split.

Of the tasks of words, words/test_window_data.py says the same.
"""

import pytest
from hydra import compose, initialize_config_dir

from bakeoff.data.splits import SplitData
from bakeoff.run.parts.build import build_data, build_module
from bakeoff.store import paths


@pytest.mark.parametrize("task", ["classification", "localization", "detection"])
def test_the_test_split_is_not_loaded_before_it_is_opened(task, tmp_path, monkeypatch):
    few = ["data.sizes={train: 40, val: 20, test: 20}"] if task != "classification" else []
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base=None):
        config = compose("config", [f"task={task}", f"data_dir={tmp_path}", *few])
    kind = type(build_data(config))
    load = kind.load

    def closed(self: SplitData, split: str):
        if split == "test":
            raise AssertionError("the test split was opened")
        return load(self, split)

    monkeypatch.setattr(kind, "load", closed)
    data = build_data(config)
    data.setup("fit")
    build_module(config, data)
    assert data.fingerprint and next(iter(data.val_dataloader()))
    with pytest.raises(AssertionError, match="was opened"):
        data.setup("test")

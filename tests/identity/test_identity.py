"""A run that no plan has named."""

from omegaconf import OmegaConf

from bakeoff.identity.identity import identity
from bakeoff.identity.run_id import candidate_id, run_id


def test_the_name_says_all_overrides_and_the_ids_are_the_configs():
    config = OmegaConf.create({"seed": 3, "optimizer": {"lr": 0.1}})
    found = identity(config, ["optimizer.lr=0.1", "seed=3"], "mlp/deep")
    assert found.name == "mlp/deep optimizer.lr=0.1"
    assert (found.run, found.candidate) == (run_id(config), candidate_id(config))
    assert found.run != found.candidate
    config.seed = 0
    assert (
        identity(config, [], "mlp").candidate == found.candidate != identity(config, [], "mlp").run
    )

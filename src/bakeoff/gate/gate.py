"""The gate: no object is made from a config before everything that the config names has been looked at.

Three kinds of configs pass it: one that the user composes, by name when it is composed and by object before
anything is made of it; one of somebody else's, by both at once; and one that this user's bakeoff wrote
itself (`bakeoff.store.own`), which passes as it is.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowed import Rule, advice, rule_for_composed, rule_for_strangers
from bakeoff.gate.error_text import first_line
from bakeoff.gate.growth import refuse_growth
from bakeoff.gate.hydra_parts import hydra_parts
from bakeoff.gate.literal_secrets import literal_secrets
from bakeoff.gate.no_exit import no_exit
from bakeoff.gate.targets import NAMED_BY_PATH, TARGET, names, targets

# Settings of scikit-learn's estimators that read pickles from a folder.
CACHES = ("memory",)
HYDRA = "hydra"


@dataclass(frozen=True)
class Looked:
    """What a look at the names of a config has found: why some are refused, by name, and the `names` whose
    objects are still to be looked at, with the key where each stands. `secrets`: a line for each value
    that is a secret and is written there.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    secrets: Collection[str] = ()

    def __or__(self, other: "Looked") -> "Looked":
        """Both together."""
        return Looked(
            {**other.names, **self.names},
            {**other.refused, **self.refused},
            list(dict.fromkeys([*self.secrets, *other.secrets])),
        )

    def lines(self) -> list[str]:
        """What is refused, as the lines of one message; none where nothing is."""
        said = (
            "the config names what is not allowed: neither a part of bakeoff, of torch.nn, torch.optim, "
            "torchmetrics, pytorch_lightning or scikit-learn, nor code below this folder:"
        )
        return [*(_refusal(said, self.refused) if self.refused else ()), *self.secrets]


def allowed_only(config: DictConfig, where: str) -> DictConfig:
    """`config` of somebody else's, resolved, in which every `_target_` is allowed.

    Raises BakeoffError that names what is not, and the line that would allow it.
    """
    refuse_growth(config, where)
    try:
        plain = OmegaConf.to_container(config, resolve=True)
    except (OmegaConfBaseException, RecursionError) as error:
        raise BakeoffError(f"{where}: its config cannot be read: {first_line(error)}") from None
    rule = rule_for_strangers()
    looked = _by_name(plain, rule)
    refused = {**looked.refused, **_by_object(looked.names, rule)}
    if refused:
        said = (
            f"{where}: this folder was not written by you, or was changed since, and its config "
            "would make what is not allowed to a config of somebody else's:"
        )
        raise BakeoffError("\n".join(_refusal(said, refused)))
    # What was looked at is what is made: no reference is resolved a second time.
    return OmegaConf.create(plain)


def look(config: DictConfig, rule: Rule, trusted: Collection[str] = ()) -> Looked:
    """The names in a config that the user composes, without Hydra's own settings; nothing is imported.

    `trusted`: names that need no look, as those of a plan that this user's bakeoff wrote.
    """
    keys = [key for key in config if key != HYDRA]
    written = OmegaConf.to_container(config, resolve=False)
    secrets = literal_secrets({key: written[key] for key in keys})
    return _by_name({key: _plain(config, key) for key in keys}, rule, trusted) | Looked(
        secrets=secrets
    )


def look_at_hydra(config: DictConfig, rule: Rule, trusted: Collection[str] = ()) -> Looked:
    """As `look`, at Hydra's own settings in a config."""
    parts, functions, refused = hydra_parts(config, rule)
    secrets = literal_secrets(OmegaConf.to_container(config.hydra, resolve=False), HYDRA)
    return _by_name({HYDRA: parts}, rule, trusted) | Looked(functions, refused, secrets)


def names_in(config: DictConfig) -> set[str]:
    """What a config names to be made, as far as it can be resolved."""
    return set(names({key: _plain(config, key) for key in config}))


def refuse_objects(named: Mapping[str, str]) -> None:
    """Look at the objects of names, each with its key. Raises BakeoffError that lists what is refused."""
    if refused := _by_object(named, rule_for_composed()):
        said = "the config names what leads to something that is not allowed:"
        raise BakeoffError("\n".join(_refusal(said, refused)))


def refuse(config: DictConfig) -> None:
    """Both looks at a config that no plan has looked at. Raises BakeoffError."""
    rule = rule_for_composed()
    looked = look(config, rule)
    if HYDRA in config:
        looked |= look_at_hydra(config, rule)
    if lines := looked.lines():
        raise BakeoffError("\n".join(lines))
    refuse_objects(looked.names)


def _by_name(plain: Any, rule: Rule, trusted: Collection[str] = ()) -> Looked:
    passed: dict[str, str] = {}
    refused: dict[str, str] = {}
    for key, node in targets(plain):
        name, path = str(node[TARGET]), node.get("path")
        if name in NAMED_BY_PATH:
            if set(node) != {TARGET, "path"}:
                refused[name] = f"{key}: {name}: expected nothing but `path` beside it"
                continue
            name = str(path)
        if name in trusted or name in refused:
            continue
        reason = rule.against_name(name)
        if reason is None and name.startswith("sklearn.") and any(node.get(one) for one in CACHES):
            reason = "its cache in a folder holds pickles, which run code"
        if reason is not None:
            refused[name] = f"{key}: {name[:200]!r}: {reason}"
        else:
            passed.setdefault(name, key)
    return Looked(passed, refused)


def _by_object(named: Mapping[str, str], rule: Rule) -> dict[str, str]:
    found = {}
    for name, key in named.items():
        with no_exit(f"{key}: {name}"):
            reason = rule.against_object(name)
        if reason is not None:
            found[name] = f"{key}: {name[:200]!r}: {reason}"
    return found


def _refusal(said: str, refused: Mapping[str, str]) -> list[str]:
    return [said, *(f"  {why}" for why in refused.values()), *advice(refused)]


def _plain(config: DictConfig | ListConfig, key: Any) -> Any:
    """What a key holds as plain containers, resolved; where a part cannot be resolved yet, the rest."""
    try:
        node = config[key]
        return OmegaConf.to_container(node, resolve=True) if OmegaConf.is_config(node) else node
    except (OmegaConfBaseException, RecursionError):
        return dict(_resolvable(config, key)) or None


def _resolvable(config: DictConfig | ListConfig, key: Any) -> Iterator[tuple[str, Any]]:
    """What is in a part that cannot be resolved as a whole; a name that cannot be resolved is empty, which
    no rule allows.
    """
    try:
        node = config[key]
    except (OmegaConfBaseException, RecursionError):
        return
    for name in node if OmegaConf.is_dict(node) else range(len(node)):
        try:
            node[name]
        except (OmegaConfBaseException, RecursionError):
            yield str(name), ""
            continue
        yield str(name), _plain(node, name)

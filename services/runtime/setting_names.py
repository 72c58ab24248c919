"""Which settings there are, and what somebody may have meant who wrote another name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

PREFIX: Final = "VESTKA_"
BETWEEN: Final = "__"
OF_OTHERS: Final = frozenset({
    "VESTKA_SECRETS_DIR",  # read before any other
    "VESTKA_SETTINGS", "VESTKA_SECRETS", "VESTKA_REDIS_URL",  # of docker-compose.yml
    "VESTKA_DEMO_EMAIL", "VESTKA_DEMO_CHAT", "VESTKA_DEMO_ENDPOINT", "VESTKA_DEMO_SECRET",  # of the demo's subscribers
    "VESTKA_GOLDEN",  # of our tests
})  # fmt: skip
"""Names that are no settings of the services and may stand beside them."""
_LIKE: Final = 0.75
_GROUP_LIKE: Final = 0.9
_PREFIX_LIKE: Final = 0.8


@dataclass(frozen=True, slots=True)
class SettingNames:
    """`whole`: names that may be set. `open_groups`: those under which names of the operator's own stand."""

    whole: frozenset[str]
    open_groups: frozenset[str]

    @classmethod
    def of(cls, models: Iterable[type[BaseModel]]) -> SettingNames:
        found = [pair for model in models for pair in _names(model, PREFIX)]
        return cls(frozenset(name for name, _ in found), frozenset(name for name, is_open in found if is_open))

    def unknown(self, given: Iterable[str]) -> list[str]:
        """Those of the names that look like settings of ours and are none, sorted, in capitals."""
        return sorted({name.upper() for name in given if self._is_misspelt(name.upper())})

    def _is_misspelt(self, name: str) -> bool:
        if name in self.whole or name in OF_OTHERS:
            return False
        if name.startswith(PREFIX.rstrip("_")):
            return not any(name.startswith(group + BETWEEN) and name != group + BETWEEN for group in self.open_groups)
        head = name.partition("_")[0]
        return bool(get_close_matches(head, [PREFIX.rstrip("_")], cutoff=_PREFIX_LIKE)) and self.meant(name) is not None

    def meant(self, name: str) -> str | None:
        """The setting whose name is like it, if any is."""
        group, between, rest = name.upper().partition(BETWEEN)
        open_group = get_close_matches(group, sorted(self.open_groups), n=1, cutoff=_GROUP_LIKE) if rest else []
        close = get_close_matches(name.upper(), sorted(self.whole), n=1, cutoff=_LIKE)
        return f"{open_group[0]}{between}{rest}" if open_group else close[0] if close else None

    def explain(self, name: str) -> str:
        """What is said of a name that is no setting."""
        meant = self.meant(name)
        return f"there is no such setting; did you mean {meant}?" if meant else "there is no such setting."


def _names(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, bool]]:
    """Every name, and whether names of the operator's own may stand under it."""
    for field_name, field in model.model_fields.items():
        alias = field.validation_alias
        name = alias if isinstance(alias, str) else prefix + field_name.upper()
        yield name, _is_mapping(field.annotation)
        for group in _models(field.annotation):
            yield from _names(group, name + BETWEEN)


def _models(annotation: Any) -> list[type[BaseModel]]:
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return [one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)]


def _is_mapping(annotation: Any) -> bool:
    return get_origin(annotation) is dict

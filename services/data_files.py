"""Reads YAML into a shape: with libyaml where PyYAML was built with it, which is some eight times as fast."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final, TypeVar

import msgspec
import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
Wrong = Callable[[str], Exception]
"""The error to raise, from its text."""


def read_yaml(text: str | bytes) -> Any:
    """Raises yaml.YAMLError, and ValueError for a date like 2024-02-31."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - either loader is the safe one


def read_shaped(text: str, shape: type[T], what: str, wrong: Wrong, *, strict: bool = True) -> T:
    """`what`: the file, as whoever has to mend it calls it. Raises what `wrong` makes of a text that says where."""
    try:
        return msgspec.convert(read_yaml(text), shape, strict=strict)
    except msgspec.ValidationError as error:
        raise wrong(f"{what}: {error}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise wrong(f"{what}: not YAML: {error}") from None


def read_packaged(package: str, path: str, shape: type[T], wrong: Wrong, *, strict: bool = True) -> T:
    """A file that lies in the folder of a package of ours. Raises what `wrong` makes of a text that says where."""
    return read_shaped(files(package).joinpath(path).read_text(encoding="utf-8"), shape, path, wrong, strict=strict)

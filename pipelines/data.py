"""The data files beside the code: read once, checked key by key, patterns compiled. What is wrong names the file and the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as SafeLoader  # noqa: PLC0414 - for the modules that take it from here
else:
    # libyaml's parser takes a tenth of the time of Python's, which was a sixth of what a short command takes.
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What a value has to be: `str`, `int` or `float`; a function that makes the value of a text and raises ValueError; `[shape]` for a list;
# `{key: shape}` for exactly these keys, `key?` being optional; `{"*": shape}` for any keys.
Shape: TypeAlias = "type | Callable[[Any], Any] | list[Any] | dict[str, Any]"


class DataError(ValueError):
    """A data file is wrong; the message names the file and the key."""


def pattern(text: object) -> re.Pattern[str]:
    """The compiled regular expression, as a shape."""
    if not isinstance(text, str) or not text:
        raise ValueError("a regular expression is expected")
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"{text}: {error}") from error


def any_of(texts: object) -> re.Pattern[str]:
    """One pattern for a list of regular expressions, as a shape."""
    if not isinstance(texts, list) or not texts:
        raise ValueError("a list of regular expressions is expected")
    return pattern("|".join(pattern(text).pattern for text in texts))


def _keys(value: dict[str, Any], shape: dict[str, Any], where: str) -> dict[str, Any]:
    if "*" in shape:
        return {key: checked(item, shape["*"], f"{where}.{key}") for key, item in value.items()}
    required = {key for key in shape if not key.endswith("?")}
    known = {key.removesuffix("?"): key for key in shape}
    if wrong := sorted(map(str, (set(value) - set(known)) | (required - set(value)))):
        raise DataError(f"{where}: {', '.join(wrong)}: the keys have to be {', '.join(shape)}")
    return {key: checked(item, shape[known[key]], f"{where}.{key}") for key, item in value.items()}


def checked(value: object, shape: Shape, where: str) -> Any:  # noqa: ANN401  # the shape says what comes back
    """The value in its shape, patterns compiled. Raises DataError that begins with `where` and the path of keys."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise DataError(f"{where}: keys and values are expected, not {value!r:.60}")
        return _keys(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise DataError(f"{where}: a list is expected, not {value!r:.60}")
        return [checked(item, shape[0], f"{where}[{number}]") for number, item in enumerate(value)]
    if isinstance(shape, type):
        if isinstance(value, bool) is not (shape is bool) or not isinstance(value, (int, float) if shape is float else shape):
            raise DataError(f"{where}: {shape.__name__} is expected, not {value!r:.60}")
        return value
    try:
        return shape(value)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error


def load(path: Path, shape: Shape) -> Any:  # noqa: ANN401  # the shape says what comes back
    """The content of a YAML file in its shape. Raises DataError that names the file and the key."""
    try:
        data = yaml.load(path.read_text("utf-8"), SafeLoader)  # noqa: S506 - it is one
    except yaml.YAMLError as error:
        raise DataError(f"{path.name}: {error}") from error
    return checked(data, shape, path.name)

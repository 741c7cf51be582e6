"""Libraries that only some exports need: imported when used, with an error that says how to get them."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


class ExtraMissing(Exception):
    """A library of the extra `data` is not installed; the message says how to install it."""


def need(module: str) -> Any:  # noqa: ANN401 - a module
    """The module. Raises `ExtraMissing` where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ExtraMissing(f"this needs the package {error.name}: {sys.executable} -m pip install 'giar-crawler[data]'") from error

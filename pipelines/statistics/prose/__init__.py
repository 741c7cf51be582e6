"""Figures that sentences state: a grammar over clauses, with its words and its rules as data.

Precision first: when unsure, a figure is left out.
"""

from pipelines.statistics.prose.reading import CONCEPTS, read_prose

__all__ = ["CONCEPTS", "read_prose"]

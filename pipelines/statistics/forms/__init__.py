"""The statutory forms as data: one YAML file per form, checked when loaded. A new form is a new file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.statistics.forms.loader import FormError, load_form
from pipelines.statistics.forms.model import Check, Column, Form, FormCell, FormTable, Inference, Operand, Relation, Row

__all__ = ["Check", "Column", "Form", "FormCell", "FormError", "FormTable", "Inference", "Operand", "Relation", "Row", "forms"]


@cache
def forms() -> dict[str, Form]:
    """All packaged forms by id, the oldest first."""
    loaded = (load_form(path) for path in Path(__file__).parent.glob("giar_*.yaml"))
    return {form.id: form for form in sorted(loaded, key=lambda form: form.first_year)}

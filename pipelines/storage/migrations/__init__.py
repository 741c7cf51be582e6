"""Alembic migrations. A new one, after the models were changed: `python -m pipelines.storage.migrations "what it does"`."""

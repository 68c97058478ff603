"""Alembic revisions of the schema, numbered; `store.upgrade` runs them."""

"""The whole schema: every table of the database, and the revision that this program works with."""

from . import money_tables, tables
from .metadata import metadata

__all__ = ["SCHEMA", "VERSION_TABLE", "metadata", "money_tables", "tables"]

SCHEMA = "0005"
"""Revision of the schema that this program works with; revisions are numbers that count up."""

VERSION_TABLE = "autoanalyst_version"
"""Where the revision of a database stands; our own name, for a PostgreSQL that other Alembic users share."""

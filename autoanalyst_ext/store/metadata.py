"""The one `MetaData` that all tables of this package belong to."""

from sqlalchemy import MetaData

metadata = MetaData()

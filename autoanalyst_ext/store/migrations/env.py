"""Alembic's entry: runs the revisions on the connection that `store.upgrade` hands over."""

from alembic import context

from autoanalyst_ext.store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
# The caller's transaction holds everything: a migration that is cut off leaves nothing behind.
context.run_migrations()

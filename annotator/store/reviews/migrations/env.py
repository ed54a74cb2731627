"""A connection -> the migrations that it lacks; Alembic runs this file."""

from __future__ import annotations

from alembic import context

from annotator.store.reviews.schema import VERSION_TABLE, metadata

if __name__ == "env_py":  # as Alembic names it; others only import it
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
    )
    context.run_migrations()

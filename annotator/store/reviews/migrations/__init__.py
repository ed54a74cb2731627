"""A database of a review -> the same with the newest tables, by Alembic.

A new migration is a module in `versions/`, named after what it does.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from annotator.errors import BadResults
from annotator.store.reviews.schema import VERSION_TABLE


def pending(db: Connection) -> bool:
    """Whether there are migrations that a database has not been through.

    Raises
    ------
    BadResults
        If it has been through one that is not known here.
    """
    scripts = ScriptDirectory.from_config(_config())
    options = {"version_table": VERSION_TABLE}
    done = set(MigrationContext.configure(db, opts=options).get_current_heads())
    if unknown := done - {script.revision for script in scripts.walk_revisions()}:
        raise BadResults(
            f"the review's database has the tables {min(unknown)!a} of a newer version "
            "of this program; update it"
        )
    return done != set(scripts.get_heads())


def migrate(db: Connection) -> None:
    """Bring a database up to date, in the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = db
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config

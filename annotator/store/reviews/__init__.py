"""What people decide about a results folder -> a log of it that only grows, and back.

SQLite beside the results, or PostgreSQL for a team: the same tables and the same code.
Who may review stands in the same database. See `schema` for the tables.
"""

from annotator.store.reviews.credentials import LONGEST_PASSWORD, SHORTEST_PASSWORD
from annotator.store.reviews.log import ReviewLog, open_log

__all__ = ["LONGEST_PASSWORD", "SHORTEST_PASSWORD", "ReviewLog", "open_log"]

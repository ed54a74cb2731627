"""Records -> a results folder, and back.

One Parquet file a table, which pandas, DuckDB and R open as they are, beside
`errors.jsonl` and `run.json`.
"""

from annotator.store.commit import writing
from annotator.store.derived import write_derived
from annotator.store.elsewhere import Elsewhere
from annotator.store.kept import Kept, Parts
from annotator.store.opening import read_results
from annotator.store.reader import Results, StoredArticle
from annotator.store.writer import ResultsWriter

__all__ = [
    "Elsewhere",
    "Kept",
    "Parts",
    "Results",
    "ResultsWriter",
    "StoredArticle",
    "read_results",
    "write_derived",
    "writing",
]

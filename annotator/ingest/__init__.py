"""Files -> articles, dropped lines and failures."""

from annotator.ingest.document import Options
from annotator.ingest.duplicates import NearDuplicates
from annotator.ingest.reading import SUFFIXES, count_files, read

__all__ = ["SUFFIXES", "NearDuplicates", "Options", "count_files", "read"]

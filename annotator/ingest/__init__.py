"""Files -> articles, dropped lines and failures."""

from annotator.ingest.document import Options
from annotator.ingest.duplicates import NearDuplicates
from annotator.ingest.fingerprint import fingerprints
from annotator.ingest.reading import SUFFIXES, read
from annotator.ingest.remote import Place, is_address, place_of, without_secrets

__all__ = [
    "SUFFIXES",
    "NearDuplicates",
    "Options",
    "Place",
    "fingerprints",
    "is_address",
    "place_of",
    "read",
    "without_secrets",
]

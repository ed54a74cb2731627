"""What is known of sentences -> files other programs read, and annotations back."""

from annotator.export.adding import Added, add
from annotator.export.answers import Answer, Read
from annotator.export.decisions import Dated, Imported, decisions
from annotator.export.files import READERS, Format, write_export
from annotator.export.items import Item, Known, Scope, items
from annotator.export.parsing import Refused

__all__ = [
    "READERS",
    "Added",
    "Answer",
    "Dated",
    "Format",
    "Imported",
    "Item",
    "Known",
    "Read",
    "Refused",
    "Scope",
    "add",
    "decisions",
    "items",
    "write_export",
]

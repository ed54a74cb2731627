"""Two results folders -> how the machine's labels differ from one to the other."""

from annotator.comparison.files import SUFFIXES, written
from annotator.comparison.labels import Change, Comparison, compare
from annotator.comparison.outlets import OutletShift

__all__ = ["SUFFIXES", "Change", "Comparison", "OutletShift", "compare", "written"]

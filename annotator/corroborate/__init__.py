"""Scored articles and an encoder -> which claims agree, differ or contradict.

Also which stand alone, who is behind them, and where an attribution was lost.

    claims ─ origins ─ candidates ─ relations ─ events ─► standings
                                                    └──► losses

Origins come first, so that wire copy is one origin however many outlets print it.
"""

from annotator.corroborate.candidates import Comparisons
from annotator.corroborate.collection import Corroborated, Embed, corroborate

__all__ = ["Comparisons", "Corroborated", "Embed", "corroborate"]

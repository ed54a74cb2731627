"""Decoded text of a saved page -> its stories, and why every other line is in none.

paragraphs ─► stories ─► comments ─► body
furniture, masthead: how a line looks, who signs and when
"""

from annotator.ingest.page.stories import Block, Dropped, SplitPage, Story, split_page

__all__ = ["Block", "Dropped", "SplitPage", "Story", "split_page"]

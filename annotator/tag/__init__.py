"""Sentences -> labels and spans, in one pass of an encoder."""

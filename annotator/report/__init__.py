"""Stored results -> what a person reads: a terminal table and one HTML file."""

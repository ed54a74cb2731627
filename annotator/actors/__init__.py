"""Scored articles -> the actors that they name, all names of one joined."""

from annotator.actors.aliases import Alias, Aliases, read_aliases
from annotator.actors.roll import Roll

__all__ = ["Alias", "Aliases", "Roll", "read_aliases"]

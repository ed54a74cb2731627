"""Nothing -> the one tree of errors this package raises on purpose.

    AnnotatorError
    ├── UnreadableInput     a file or record that cannot be read as an article
    ├── BadManifest         a manifest or alias table that breaks its format
    ├── BadModel            a model folder that is missing, altered or too new
    ├── BadTrainingData     rows that are not in the `claims` or `spans` format
    ├── BadConfig           a training configuration with an unknown or wrong value
    ├── BadResults          a results folder that is missing, locked or too new
    │   └── ResultsBusy     one that another run is writing at this moment
    ├── BadAccount          an account that is there already, or a name it cannot have
    ├── StaleDecision       a decision on what has been decided anew in between
    ├── BadExchange         a file of annotations that is not in the format named
    └── Interrupted         a run that was asked to stop, and kept what it had done

A message says what was got, what was expected and what to do. Only the edges
(command line, web routes) catch these and show one line; any other exception is
a bug and keeps its traceback.
"""

from __future__ import annotations


class AnnotatorError(Exception):
    """Base of every error a user can mend."""


class UnreadableInput(AnnotatorError):
    """A file or record that cannot be read as an article."""


class BadManifest(AnnotatorError):
    """A manifest or alias table that breaks its format."""


class BadModel(AnnotatorError):
    """A model folder that is missing, altered or too new."""


class BadTrainingData(AnnotatorError):
    """Rows that are not in the format training reads."""


class BadConfig(AnnotatorError):
    """A training configuration with an unknown or wrong value."""


class BadResults(AnnotatorError):
    """A results folder that is missing, locked or too new."""


class ResultsBusy(BadResults):
    """A results folder that another run is writing at this moment."""


class BadAccount(AnnotatorError):
    """An account that is there already, is not there, or cannot be called so."""


class StaleDecision(AnnotatorError):
    """A decision made on what has been decided anew in between."""


class BadExchange(AnnotatorError):
    """A file of annotations that is not in the format it is said to be."""


class Interrupted(AnnotatorError):
    """A run that was asked to stop before its end, and kept what it had done."""

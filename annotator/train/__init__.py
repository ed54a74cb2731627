"""Labelled data -> a model folder that `annotator.tag` loads."""

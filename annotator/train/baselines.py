"""Labelled runs -> what a majority guess and a bag of words reach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from annotator.codebook import LABELS
from annotator.train.data import Run
from annotator.train.measure import labelled


def majority(train: Sequence[Run], test: Sequence[Run]) -> NDArray[np.float64]:
    """The label shares of `train` for every sentence of `test`; (sentences, 4)."""
    counts = np.bincount([r.truth for r in labelled(train)], minlength=len(LABELS))
    return np.tile(counts / counts.sum(), (len(labelled(test)), 1))


def bag_of_words(train: Sequence[Run], test: Sequence[Run]) -> NDArray[np.float64]:
    """TF-IDF of words and pairs with a logistic regression; (sentences, 4)."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, class_weight="balanced", max_iter=1000),
    )
    rows = labelled(train)
    model.fit([r.sentence.text for r in rows], [r.truth for r in rows])
    found = model.predict_proba([r.sentence.text for r in labelled(test)])
    probabilities = np.zeros((len(found), len(LABELS)))
    probabilities[:, model.classes_] = found
    return probabilities

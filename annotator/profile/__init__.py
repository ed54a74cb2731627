"""Scored articles of a collection -> what each outlet's add up to."""

from annotator.profile.article import measure
from annotator.profile.axis import outlet_axis
from annotator.profile.differences import differences
from annotator.profile.distinctive import distinctive_terms
from annotator.profile.estimates import estimates
from annotator.profile.measures import MEASURES, ArticleMeasures, Measure
from annotator.profile.naming import namings
from annotator.profile.shares import (
    MINIMUM_ARTICLES,
    ArticleCounts,
    count,
    interval,
    korn_graubard,
    profile,
    profile_counts,
    standard_error,
)
from annotator.profile.words import terms_of

__all__ = [
    "MEASURES",
    "MINIMUM_ARTICLES",
    "ArticleCounts",
    "ArticleMeasures",
    "Measure",
    "count",
    "differences",
    "distinctive_terms",
    "estimates",
    "interval",
    "korn_graubard",
    "measure",
    "namings",
    "outlet_axis",
    "profile",
    "profile_counts",
    "standard_error",
    "terms_of",
]

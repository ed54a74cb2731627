"""Nothing -> the records of what many articles add up to."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.records.tags import Polarity, Voice


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it rests on.

    `low` and `high` bound the 95 % interval; both are None where there is too
    little data for one.
    """

    count: int
    total: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """count / total; None of nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """What one outlet's scored sentences add up to.

    `outlet` is None for articles whose outlet is unknown. Near-duplicates within
    the outlet are counted once and given in `n_duplicates`. `labels` is in the
    order of `codebook.LABELS`.
    """

    outlet: str | None
    n_articles: int
    n_duplicates: int
    n_sentences: int
    labels: tuple[Share, Share, Share, Share]
    flagged: Share
    enough: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The articles that one profile is of; a part that is not grouped by is None.

    An outlet that is unknown is "" where outlets are grouped by; so are a topic and
    a month ("2017-04").
    """

    outlet: str | None = None
    topic: str | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure of one group of articles: a ratio of two sums over its articles.

    Attributes
    ----------
    measure
        One of `annotator.profile.MEASURES`; "stance" goes with an actor and a voice.
    actor_id, voice
        None but for a measure of an actor.
    numerator, denominator
        The figure is the one over the other, times `scale`: 5 loaded terms in 2,500
        words at a scale of 1,000 are 2.0.
    articles
        That the denominator is not 0 in; copies within the outlet counted once.
    low, high
        95 % interval, articles resampled; None below the minimum.
    pooled, pooled_low, pooled_high
        Shrunk towards the mean of the groups, the more the fewer articles there are
        (partial pooling); None where there are too few groups to shrink to.
    needed
        More articles it takes for an interval; 0 where there is one.
    """

    group: Group
    measure: str
    numerator: float
    denominator: float
    articles: int
    scale: float = 1.0
    actor_id: str | None = None
    voice: Voice | None = None
    low: float | None = None
    high: float | None = None
    pooled: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    needed: int = 0

    @property
    def value(self) -> float | None:
        """The figure; None of nothing."""
        if not self.denominator:
            return None
        return self.scale * self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Difference:
    """One outlet's figure less that of all other outlets together.

    Attributes
    ----------
    within
        "topic" or "event" where articles of the same topic or event are compared and
        the differences averaged; None where all articles are.
    difference, low, high
        In the unit of the measure, with a 95 % interval.
    p, q
        Two-sided p-value; and after Benjamini and Hochberg (1995) over all
        differences of the run.
    """

    outlet: str
    measure: str
    difference: float
    low: float
    high: float
    p: float
    q: float
    articles: int
    others: int
    actor_id: str | None = None
    voice: Voice | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How often an outlet's narrator calls an actor by one name.

    Attributes
    ----------
    name
        The head noun, or the plain name, in small letters where it is a noun.
    share
        Of the outlet's mentions of the actor, articles resampled.
    others
        The same of all other outlets together.
    loaded
        The polarity of the name where the tagger mostly marks it as loaded, or the
        table of families does.
    neutral
        The commonest name without polarity that the other outlets have for the actor,
        for a loaded one.
    """

    outlet: str
    actor_id: str
    name: str
    share: Share
    others: Share
    loaded: Polarity | None = None
    neutral: str | None = None


@dataclass(frozen=True, slots=True)
class DistinctiveTerm:
    """A word or a pair of words that one outlet uses more, or less, than the rest.

    Attributes
    ----------
    z
        Log-odds ratio with an informative Dirichlet prior over its standard error
        (Monroe, Colaresi & Quinn 2008); above 0 where the outlet uses it more.
    count, others
        In the outlet, and in all other outlets together.
    articles
        Of the outlet, that have it.
    """

    outlet: str
    term: str
    z: float
    log_odds: float
    count: int
    others: int
    articles: int


@dataclass(frozen=True, slots=True)
class AxisPlace:
    """Where an outlet, or something outlets differ in, stands on the axis.

    `what` is "outlet" or the kind of feature ("naming", "stance"). Outlets have a 95 %
    interval, articles resampled; features have none.
    """

    what: str
    name: str
    place: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class OutletAxis:
    """The first axis on which outlets differ, if there is one.

    Attributes
    ----------
    inertia
        Share of all differences between outlets that it holds, 0 to 1.
    p
        How often articles dealt to outlets at random give a first axis as large.
    told
        Whether it can be told from noise; where not, `places` is empty.
    note
        In words, what was scaled and what not to conclude.
    """

    inertia: float
    p: float
    told: bool
    note: str
    places: tuple[AxisPlace, ...] = ()

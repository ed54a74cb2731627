"""All decisions and the outlets' profiles -> the figures of the dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

from annotator.codebook import LABELS
from annotator.decisions import current, verdicts
from annotator.decisions.agreement import (
    OverrideRate,
    agreement,
    override_rates,
    pace,
)
from annotator.records import Decision, OutletProfile
from annotator.review.answers import (
    Dashboard,
    LabelShare,
    OutletFigures,
    OverrideShown,
    RateShown,
)


class Figures:
    """Works the dashboard out anew only when decisions have come since.

    Parameters
    ----------
    profiles
        Of the outlets, as the machine labelled them.
    outlet_of
        By article id.
    """

    def __init__(
        self, profiles: Sequence[OutletProfile], outlet_of: Mapping[str, str | None]
    ) -> None:
        self._profiles, self._outlet_of = profiles, outlet_of
        self._lock = Lock()
        self._counted = -1
        self._dashboard: Dashboard

    def dashboard(self, decisions: Sequence[Decision], hides: bool) -> Dashboard:
        """Give the figures.

        Parameters
        ----------
        decisions
            All of the log in order of arrival; it only grows.
        hides
            Whether to leave out how the machine labelled an outlet's sentences.
        """
        with self._lock:
            if self._counted != len(decisions):
                self._dashboard = self._work_out(decisions)
                self._counted = len(decisions)
            found = self._dashboard
        if not hides:
            return found
        outlets = [_without_machine(figures) for figures in found.outlets]
        return found.model_copy(update={"outlets": outlets})

    def _work_out(self, decisions: Sequence[Decision]) -> Dashboard:
        rates = override_rates(decisions, self._outlet_of)
        return Dashboard(
            outlets=list(self._outlets(decisions)),
            agreement=agreement(decisions),
            overrides=[_override(rate) for rate in rates],
            pace=list(pace(decisions)),
        )

    def _outlets(self, decisions: Sequence[Decision]) -> Iterator[OutletFigures]:
        outlet_of = self._outlet_of
        article_of = {d.sentence_id: d.article_id for d in decisions}
        decided = Counter(
            outlet_of.get(article_of[sentence_id])
            for sentence_id in {d.sentence_id for d in current(decisions) if d.label}
        )
        settled: Counter[tuple[str | None, str]] = Counter()
        overridden: Counter[str | None] = Counter()
        for sentence_id, verdict in verdicts(decisions).items():
            outlet = outlet_of.get(article_of[sentence_id])
            settled[outlet, verdict.label] += 1
            overridden[outlet] += verdict.overrides
        for profile in self._profiles:
            yield OutletFigures(
                outlet=profile.outlet,
                articles=profile.n_articles,
                sentences=profile.n_sentences,
                flagged=profile.flagged.count,
                decided=decided[profile.outlet],
                overridden=overridden[profile.outlet],
                shares={
                    name: LabelShare(
                        share=share.value,
                        low=share.low,
                        high=share.high,
                        people=settled[profile.outlet, name],
                    )
                    for name, share in zip(LABELS, profile.labels, strict=True)
                },
            )


def _override(found: OverrideRate) -> OverrideShown:
    rate = found.rate
    return OverrideShown(
        by=found.by,
        name=found.name,
        shown=found.shown,
        rate=RateShown(
            count=rate.count,
            total=rate.total,
            share=rate.value,
            low=rate.low,
            high=rate.high,
        ),
    )


def _without_machine(figures: OutletFigures) -> OutletFigures:
    nothing = {"share": None, "low": None, "high": None}
    shares = {n: s.model_copy(update=nothing) for n, s in figures.shares.items()}
    return figures.model_copy(update={"shares": shares})

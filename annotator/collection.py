"""A results folder -> what its articles add up to: sources, events, profiles.

Each function reads the folder's own tables and writes tables beside them, which can
be written again. Claims are compared before sources are traced, because a source's
grade rests on how its claims stand; outlets are profiled last, because they are
compared on the same events and by how they are sourced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from annotator.actors import Roll, read_aliases
from annotator.attribute import head_polarities
from annotator.gathered import Cited, roll_of
from annotator.profile import (
    ArticleMeasures,
    count,
    differences,
    estimates,
    measure,
    profile_counts,
)
from annotator.profile.axis import outlet_axis
from annotator.profile.distinctive import distinctive_terms
from annotator.profile.naming import name_of, naming_columns, namings
from annotator.profile.packing import Packer
from annotator.profile.people import labels_by_people
from annotator.records import (
    Actor,
    Difference,
    DistinctiveTerm,
    Estimate,
    Grade,
    Group,
    LinkedMention,
    Naming,
    OutletAxis,
    Override,
    ScoredArticle,
    SourceProfile,
    Sourcing,
    Stance,
    Standing,
    TrackRecord,
)
from annotator.sources import (
    Claim,
    grade_claim,
    grade_source,
    overrides_by_subject,
    read_overrides,
    sourcing_by_outlet,
    track_records,
    voices_of,
)
from annotator.store import (
    Results,
    events,
    profiles,
    read_results,
    sources,
    write_derived,
    writing,
)
from annotator.store.derived import BY_PEOPLE
from annotator.store.tables import Row, outlet_row

if TYPE_CHECKING:
    from annotator.corroborate import Corroborated, Embed


@dataclass(frozen=True, slots=True)
class Traced:
    """The sources of a collection.

    Attributes
    ----------
    sources
        The most cited first.
    grades
        Of reliability, by source id.
    overrides
        By source id or sentence id.
    sourcing
        Of each outlet.
    """

    sources: tuple[SourceProfile, ...]
    grades: dict[str, Grade]
    overrides: dict[str, Override]
    sourcing: tuple[Sourcing, ...]


@dataclass(frozen=True, slots=True)
class Profiled:
    """What the articles of a collection say of each outlet.

    Attributes
    ----------
    actors
        The most named first.
    estimates
        Of the groups that were asked for.
    axis
        It says itself whether it can be told from noise.
    articles
        That were scored, copies among them.
    left_out
        Of these, without the topic or month that `estimates` are grouped by.
    labels_by_people
        How many of the labels behind the estimates of a group people gave; groups
        without any are left out.
    """

    actors: tuple[Actor, ...]
    estimates: tuple[Estimate, ...]
    differences: tuple[Difference, ...]
    namings: tuple[Naming, ...]
    terms: tuple[DistinctiveTerm, ...]
    axis: OutletAxis
    articles: int
    left_out: int = 0
    labels_by_people: Mapping[Group, int] = field(default_factory=dict)

    def tables(self) -> dict[str, list[Row]]:
        """Give the rows of each table that this is written to."""
        return {
            "actors": list(map(profiles.actor_row, self.actors)),
            "profiles": list(_estimate_rows(self.estimates, self.labels_by_people)),
            "differences": list(map(profiles.difference_row, self.differences)),
            "namings": list(map(profiles.naming_row, self.namings)),
            "terms": list(map(profiles.term_row, self.terms)),
            "axis": list(profiles.axis_rows(self.axis)),
        }


def compare_claims(path: Path, embed: Embed, window: int = 3) -> Corroborated:
    """Compare the claims of a results folder's articles with each other.

    Writes `corroborations.parquet`, `standings.parquet` and `losses.parquet`.

    Parameters
    ----------
    window
        Most days between two reports of one event.

    Raises
    ------
    BadResults
        If the folder is not finished, or is being written.
    """
    # It loads an index of vectors, which runs that compare nothing need not wait for.
    from annotator.corroborate import corroborate

    found = corroborate(read_results(path).scored(), embed, window=window)
    write_derived(
        path,
        {
            "corroborations": map(events.corroboration_row, found.pairs),
            "standings": map(events.standing_row, found.standings),
            "losses": map(events.loss_row, found.losses),
        },
    )
    return found


def trace_sources(
    path: Path, overrides: Path | None = None, cited: Cited | None = None
) -> Traced:
    """Join the sources of a results folder's articles, count and grade them.

    Writes `sources.parquet`, `grades.parquet` and `sourcing.parquet`. Grades rest on
    corroboration where the claims were compared before. All articles are read once;
    what their sources are cited for waits in files without a name, beside the tables.

    Parameters
    ----------
    overrides
        A person's grades, CSV; those given earlier are kept where it gives none.
    cited
        Whom all of its articles cite, if that is known; they are not read then.

    Raises
    ------
    BadResults
        If the folder is not finished, or is being written.
    BadManifest
        If the overrides break their format.
    """
    results = read_results(path)
    asked = read_overrides(overrides) if overrides else ()
    with writing(path), cited or Cited(path) as known:
        if cited is None:
            for scored in _scored(results):
                known.add(scored)
        ledger, claims = known.ledger, known.claims
        outlets = sourcing_by_outlet(map(sources.sourcing, known.blocks()))
        profiles = ledger.sources()
        source_ids = ledger.source_ids()
        given = [g for _, g in results.grades() if g]
        by_subject = overrides_by_subject([*given, *asked], profiles)
        standings = {s.sentence_id: s for s in results.standings()}
        compared = [
            (claim.source_id, claim.sentence_id)
            for claim in claims.read(source_ids)
            if claim.sentence_id in standings
        ]
        records = track_records(compared, standings)
        reliability = {
            p.source_id: grade_source(p, records.get(p.source_id, TrackRecord()))
            for p in profiles
        }
        voices = voices_of(compared, standings)
        credibility = _credibility(claims.read(source_ids), standings, voices)
        write_derived(
            path,
            {
                "sources": map(sources.source_row, profiles),
                "grades": (
                    sources.grade_row(grade, by_subject.get(grade.subject))
                    for grade in chain(reliability.values(), credibility)
                ),
                "sourcing": chain(known.blocks(), map(sources.sourcing_row, outlets)),
            },
        )
    return Traced(profiles, reliability, by_subject, outlets)


def profile_outlets(
    path: Path,
    aliases: Path | None = None,
    by: Sequence[str] = ("outlet",),
    roll: Roll | None = None,
) -> Profiled:
    """Profile each outlet of a results folder, and compare it with the others.

    Writes `actors.parquet`, `mentions.parquet`, `profiles.parquet`,
    `differences.parquet`, `namings.parquet`, `terms.parquet` and `axis.parquet`.
    `profiles.parquet` has the estimates of each outlet whatever is asked for, and
    beside them those of the groups asked for. Outlets are compared on the same events
    where claims were compared before. All articles are read twice; their words and
    mentions wait in files without a name, beside the tables. Where people decided on
    sentences (`decisions.parquet`), their labels count and not the machine's, and
    `outlets.parquet` is written anew too.

    Parameters
    ----------
    aliases
        Names of actors that belong together, TOML.
    by
        What `estimates` are grouped by, one or more of "outlet", "topic" and "month".
        An article whose topic or month is asked for and unknown is left out of them.
    roll
        Who is named in all of its articles, by the same aliases, if that is known; they
        are read once less then.

    Raises
    ------
    BadResults
        If the folder is not finished, or is being written.
    BadManifest
        If the aliases break their format.
    """
    results = read_results(path)
    roll = roll or roll_of(_scored(results), read_aliases(aliases) if aliases else None)
    actors = roll.actors()
    measured: list[ArticleMeasures] = []
    with (
        writing(path),
        TemporaryFile(dir=path) as words,
        TemporaryFile("w+", dir=path) as mentions,
    ):
        packer = Packer(words)
        for article, linked in _measured(results, roll):
            measured.append(packer.pack(article))
            for mention in linked:
                print(json.dumps(profiles.mention_row(mention)), file=mentions)
        found = _profiled(measured, actors, by)
        tables = found.tables()
        if tuple(by) != ("outlet",):
            of_outlets = _estimate_rows(estimates(measured), labels_by_people(measured))
            tables["profiles"] = [*of_outlets, *tables["profiles"]]
        if results.has("decisions"):
            tables["outlets"] = list(_outlet_rows(results))
        columns = naming_columns(measured, actors)
        mentions.seek(0)
        rows = (_counted(json.loads(line), columns) for line in mentions)
        write_derived(path, {**tables, "mentions": rows})
    return found


def _profiled(
    measured: Sequence[ArticleMeasures], actors: tuple[Actor, ...], by: Sequence[str]
) -> Profiled:
    asked = [m for m in measured if all(_known(m, part) for part in by)]
    return Profiled(
        actors,
        estimates(asked, by),
        differences(measured),
        namings(measured, actors, head_polarities()),
        distinctive_terms(measured),
        outlet_axis(measured, actors),
        len(measured),
        len(measured) - len(asked),
        labels_by_people(asked, by),
    )


def _estimate_rows(
    found: Iterable[Estimate], by_people: Mapping[Group, int]
) -> Iterator[Row]:
    for estimate in found:
        given = by_people.get(estimate.group, 0)
        yield profiles.estimate_row(estimate) | {BY_PEOPLE: given}


def _outlet_rows(results: Results) -> Iterator[Row]:
    """Give the rows of the closing table, people's labels counted where they are."""
    counts = [
        count(scored.article, scored.sentences, scored.labels, scored.verdicts)
        for scored in results.scored()
    ]
    by_people = labels_by_people(counts)
    for profile in profile_counts(counts):
        given = by_people.get(Group(profile.outlet or ""), 0)
        yield outlet_row(profile) | {BY_PEOPLE: given}


def _scored(results: Results) -> Iterator[ScoredArticle]:
    """Give the articles that were not skipped."""
    return (scored for scored in results.scored() if scored.skipped is None)


def _measured(
    results: Results, roll: Roll
) -> Iterator[tuple[ArticleMeasures, list[LinkedMention]]]:
    """Measure each article, and say whom its stances are towards.

    Mentions have the names that the articles themselves give.
    """
    blocks = _Blocks(results.sourcing())
    event_of = {s.sentence_id: s.event_id for s in results.standings() if s.event_id}
    for scored in _scored(results):
        found = (event_of.get(s.sentence_id) for s in scored.sentences)
        whom = {s: a for s in scored.stances if (a := roll.actor_of(scored, s))}
        article = measure(
            scored,
            blocks.of(scored.article.article_id),
            frozenset(filter(None, found)),
            whom.get,
        )
        yield article, [_linked(scored, s, actor) for s, actor in whom.items()]


class _Blocks:
    """How articles are sourced, asked for in their order: few are held at a time."""

    def __init__(self, rows: Iterable[Sourcing]) -> None:
        self._rows = (row for row in rows if row.article_id is not None)
        self._passed: dict[str | None, Sourcing] = {}

    def of(self, article_id: str) -> Sourcing | None:
        while article_id not in self._passed:
            block = next(self._rows, None)
            if block is None:
                return None
            self._passed[block.article_id] = block
        return self._passed.pop(article_id)


def _linked(scored: ScoredArticle, stance: Stance, actor: Actor) -> LinkedMention:
    return LinkedMention(
        stance.sentence_id,
        stance.span,
        scored.article.article_id,
        actor.actor_id,
        name_of(scored.article.text, stance) if stance.voice == "outlet" else None,
    )


def _counted(mention: Row, columns: Mapping[str, Mapping[str, str]]) -> Row:
    """Give a mention the name that it is counted as; `columns` by actor and name."""
    names = columns.get(mention["actor_id"], {})
    return mention | {"name": names.get(mention["name"] or "")}


def _known(article: ArticleMeasures, part: str) -> bool:
    """Whether an article has what it is grouped by; no outlet is a group too."""
    return part == "outlet" or getattr(article, part) is not None


def _credibility(
    claims: Iterable[Claim],
    standings: Mapping[str, Standing],
    voices: Mapping[str, int],
) -> Iterator[Grade]:
    """Grade the first claim of each sentence that tells what was said."""
    for _, own in groupby(claims, key=_article_of):
        seen: set[str] = set()
        for claim in own:
            if not claim.said or claim.sentence_id in seen:
                continue
            seen.add(claim.sentence_id)
            standing = standings.get(claim.sentence_id)
            yield grade_claim(
                claim.sentence_id,
                standing,
                voices=voices.get(standing.event_id or "") if standing else None,
                contested=claim.contested,
            )


def _article_of(claim: Claim) -> str:
    return claim.sentence_id.rpartition(":")[0]

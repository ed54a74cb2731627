"""Grades come from what can be observed, with the rules that gave them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import BadManifest
from annotator.records import (
    SCALES,
    Grade,
    Identity,
    Override,
    Share,
    SourceProfile,
    Standing,
    Tally,
    TrackRecord,
)
from annotator.sources import (
    grade_claim,
    grade_source,
    overrides_by_subject,
    overriding,
    read_overrides,
    track_records,
    voices_of,
)
from annotator.sources.grades import table
from annotator.store import sources as stored

DOCS = Path(__file__).parents[1] / "docs" / "grades.md"
NOTHING = Share(0, 10)
ALL = Share(10, 10)


def source(identity: Identity = "named", **fields: object) -> SourceProfile:
    """A source cited ten times of which nothing more is known."""
    plain = SourceProfile(
        source_id="s",
        name="Leyla Orman",
        variants=(),
        kinds=(Tally("named_person", 10),),
        identity=identity,
        sides=(),
        cited=10,
        articles=10,
        outlets=(Tally("Courier", 10),),
        first=None,
        last=None,
        cues=(),
        direct=NOTHING,
        contested=NOTHING,
        alone_in_article=NOTHING,
        alone_in_paragraph=NOTHING,
        first_hand=NOTHING,
        position=NOTHING,
        stake=NOTHING,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


DOCUMENT = (Tally("document", 10),)
MEDIUM = (Tally("media_outlet", 10),)


@pytest.mark.parametrize(
    ("profile", "record", "value", "rules"),
    [
        (source("none"), (30, 0), "F", ["R1-nobody"]),
        (source(), (20, 0), "A", ["R2-always-upheld"]),
        (source(), (19, 0), "B", ["R3-mostly-upheld"]),
        (source(), (8, 2), "B", ["R3-mostly-upheld"]),
        (source(), (7, 0), "C", ["R4-often-upheld"]),
        (source(), (2, 2), "C", ["R4-often-upheld"]),
        (source(), (1, 3), "D", ["R5-sometimes-upheld"]),
        (source(), (1, 9), "E", ["R6-rarely-upheld"]),
        (source(), (0, 3), "D", ["R7-few-and-contradicted"]),
        (source(kinds=DOCUMENT), (2, 0), "C", ["R8-record-itself"]),
        (source(first_hand=ALL), (0, 0), "C", ["R9-was-there"]),
        (source(position=ALL), (0, 0), "C", ["R10-placed-to-know"]),
        (source("role", position=ALL), (0, 0), "C", ["R10-placed-to-know"]),
        (source(), (2, 0), "F", ["R11-no-basis"]),
        (source("body", position=ALL), (0, 0), "F", ["R11-no-basis"]),
        (source(kinds=MEDIUM, position=ALL), (0, 0), "F", ["R11-no-basis"]),
        (source("body"), (9, 0), "C", ["R3-mostly-upheld", "R12-one-of-a-body"]),
        (source(kinds=MEDIUM), (20, 0), "B", ["R2-always-upheld", "R13-relay"]),
        (source(stake=ALL), (20, 0), "B", ["R2-always-upheld", "R14-stake"]),
        (
            source(position=ALL, stake=ALL),
            (0, 0),
            "D",
            ["R10-placed-to-know", "R14-stake"],
        ),
        (source(stake=ALL), (1, 3), "D", ["R5-sometimes-upheld"]),
        (source(stake=ALL), (1, 9), "E", ["R6-rarely-upheld"]),
        (source(stake=ALL), (0, 0), "F", ["R11-no-basis"]),
    ],
)
def test_reliability_follows_the_table(
    profile: SourceProfile, record: tuple[int, int], value: str, rules: list[str]
) -> None:
    grade = grade_source(profile, TrackRecord(*record))
    assert (grade.value, list(grade.rules)) == (value, rules)


CLAIM = "a:1"


def standing(origins: int, contradicting: int = 0, differing: int = 0) -> Standing:
    return Standing("a:1", "e", origins, origins, origins, contradicting, differing)


@pytest.mark.parametrize(
    ("stands", "more", "value", "rules"),
    [
        (None, {}, "6", ["C8-alone"]),
        (Standing("a:1", None), {}, "6", ["C8-alone"]),
        (Standing("a:1", "e", articles=4, outlets=4, origins=1), {}, "6", ["C8-alone"]),
        (standing(3), {}, "1", ["C5-confirmed"]),
        (standing(3), {"voices": 2}, "1", ["C5-confirmed"]),
        (standing(3), {"voices": 1}, "6", ["C1-one-voice"]),
        (standing(2), {}, "2", ["C6-supported"]),
        (standing(3, 0, 1), {}, "2", ["C5-confirmed", "C9-figures-differ"]),
        (standing(1, 0, 2), {}, "3", ["C7-event-only"]),
        (standing(3, 1), {}, "3", ["C5-confirmed", "C10-disputed"]),
        (
            standing(3),
            {"contested": True},
            "3",
            ["C5-confirmed", "C11-denied-beside-it"],
        ),
        (standing(1, 1), {}, "4", ["C3-contradicted"]),
        (standing(2, 2), {}, "4", ["C3-contradicted"]),
        (None, {"contested": True}, "4", ["C4-denied-beside-it"]),
        (standing(1, 2), {}, "5", ["C2-outnumbered"]),
        (standing(2, 3), {}, "5", ["C2-outnumbered"]),
    ],
)
def test_credibility_follows_the_table(
    stands: Standing | None, more: dict[str, int], value: str, rules: list[str]
) -> None:
    grade = grade_claim(CLAIM, stands, **more)  # type: ignore[arg-type]
    assert (grade.value, list(grade.rules)) == (value, rules)


def test_every_rule_of_the_table_is_in_a_test_above() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    missing = [rule.id for rule in table().rules if f'"{rule.id}"' not in here]
    assert missing == []


def test_rules_see_observable_figures_and_nothing_else() -> None:
    rules = table()
    for rule in rules.rules:
        figures = {condition.figure for condition in rule.when}
        assert figures <= set(rules.observable[rule.axis]), rule.id
        assert (rule.grade or rule.at_most or SCALES[rule.axis][0]) in SCALES[rule.axis]
        assert bool(rule.grade) + bool(rule.at_most) + bool(rule.lower) == 1, rule.id
    assert len({rule.id for rule in rules.rules}) == len(rules.rules)


SHARES = st.integers(0, 10).map(lambda n: Share(n, 10))
SOURCES = st.builds(
    source,
    st.sampled_from(["named", "role", "body", "none"]),
    kinds=st.sampled_from([(), DOCUMENT, MEDIUM, (Tally("government", 3),)]),
    first_hand=SHARES,
    position=SHARES,
    stake=SHARES,
)
RECORDS = st.builds(TrackRecord, *[st.integers(0, 40)] * 4)


@settings(max_examples=60, deadline=None)
@given(SOURCES, RECORDS, st.text(max_size=20), st.text(max_size=20))
def test_neither_name_nor_outlet_nor_fame_changes_a_grade(
    profile: SourceProfile, record: TrackRecord, name: str, outlet: str
) -> None:
    famous = replace(
        profile,
        name=name,
        cited=1_000_000,
        articles=1_000_000,
        outlets=(Tally(outlet, 1_000_000),),
    )
    one, other = grade_source(profile, record), grade_source(famous, record)
    assert (one.value, one.rules) == (other.value, other.rules)


@settings(max_examples=60, deadline=None)
@given(SOURCES, RECORDS)
def test_a_grade_has_a_letter_its_rules_and_a_sentence(
    profile: SourceProfile, record: TrackRecord
) -> None:
    grade = grade_source(profile, record)
    assert grade.value in SCALES["reliability"]
    assert grade.rules
    assert grade.sentence.startswith("Leyla Orman: " + grade.value)
    assert "{" not in grade.sentence
    assert grade.version == table().version


@settings(max_examples=60, deadline=None)
@given(SOURCES, RECORDS, st.integers(1, 20))
def test_more_corroboration_never_lowers_a_grade(
    profile: SourceProfile, record: TrackRecord, more: int
) -> None:
    better = replace(record, corroborated=record.corroborated + more)
    before, after = (grade_source(profile, r).rank for r in (record, better))
    enough = record.upheld.total >= 3
    assert not enough or before is None or (after is not None and after <= before)


def test_a_sentence_can_be_quoted() -> None:
    grade = grade_source(source(stake=ALL), TrackRecord(8, 2))
    assert grade.sentence == (
        "Leyla Orman: C (fairly reliable), because 8 of 10 claims that others speak to "
        "are corroborated by independent origins; it speaks mostly of its own or its "
        "adversary's acts."
    )


@pytest.mark.parametrize(
    ("axis", "value", "rank"),
    [
        ("reliability", "A", 1),
        ("reliability", "E", 5),
        ("reliability", "F", None),
        ("credibility", "1", 1),
        ("credibility", "6", None),
    ],
)
def test_what_cannot_be_judged_has_no_rank(
    axis: str, value: str, rank: int | None
) -> None:
    assert Grade("s", axis, value, (), "", 1).rank == rank  # type: ignore[arg-type]


# -- the record of a source ---------------------------------------------------------


def stands(**by_sentence: tuple[str | None, int, int, int]) -> dict[str, Standing]:
    return {
        s: Standing(s, event, n, n, n, against, differing)
        for s, (event, n, against, differing) in by_sentence.items()
    }


def test_a_record_counts_claims_by_how_they_stand() -> None:
    found = stands(
        a1=("e1", 2, 0, 0),
        b1=("e1", 2, 0, 0),
        a2=("e2", 1, 1, 0),
        a3=("e3", 1, 0, 1),
        a4=(None, 1, 0, 0),
    )
    claims = [("s", "a1"), ("t", "b1"), ("s", "a2"), ("s", "a3"), ("s", "a4")]
    records = track_records(claims, found)
    assert records["s"] == TrackRecord(1, 1, 1, 1)
    assert records["t"] == TrackRecord(corroborated=1)
    assert records["s"].upheld == Share(1, 2)


def test_outlets_that_quote_one_source_do_not_corroborate_it() -> None:
    found = stands(a1=("e1", 3, 0, 0), b1=("e1", 3, 0, 0), c1=("e1", 3, 0, 0))
    claims = [("s", sentence) for sentence in found]
    assert track_records(claims, found)["s"] == TrackRecord(alone=3)
    assert voices_of(claims, found) == {"e1": 1}


def test_an_outlet_that_tells_it_in_its_own_voice_is_a_voice() -> None:
    found = stands(**{"a:1": ("e1", 2, 0, 0), "b:1": ("e1", 2, 0, 0)})
    assert track_records([("s", "a:1")], found)["s"] == TrackRecord(corroborated=1)


# -- a person's grade ---------------------------------------------------------------


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "overrides.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_persons_grade_is_kept_beside_the_machines(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "\ufeffsubject,reliability,credibility,reviewer,note\n"
        'leyla orman,b,,Ada,"met her\nand her staff"\n'
        "a:1,,2,Ada,\n",
    )
    overrides = overrides_by_subject(read_overrides(path), [source()])
    machine = grade_source(source(), TrackRecord())
    claim = grade_claim(CLAIM, None)
    assert overriding(machine, overrides) == "B"
    assert overriding(claim, overrides) == "2"
    row = stored.grade_row(machine, overrides["s"])
    assert (row["value"], row["rank"], row["override"]) == ("F", None, "B")
    assert stored.grade(row) == machine


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,reliability\nx,A\n", "no column subject, reviewer"),
        ("subject,reliability,reviewer\nx,G,Ada\n", "expected one of A, B"),
        ("subject,credibility,reviewer\nx,7,Ada\n", "expected one of 1, 2"),
        ("subject,reliability,reviewer\nx,,Ada\n", "neither"),
        ("subject,reliability,reviewer\nx,A,\n", "needs a subject and a reviewer"),
        ("", "no column"),
    ],
)
def test_a_broken_file_says_what_to_mend(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(BadManifest, match=message):
        read_overrides(written(tmp_path, text))


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_bytes(b"subject\xff")
    for path in (tmp_path / "o.csv", tmp_path / "none.csv"):
        with pytest.raises(BadManifest, match="cannot be read"):
            read_overrides(path)


def test_a_name_of_two_sources_asks_for_the_id() -> None:
    twins = [source(), replace(source(), source_id="t")]
    override = Override("Leyla Orman", "A", None, "Ada")
    with pytest.raises(BadManifest, match="names 2 sources"):
        overrides_by_subject([override], twins)
    by_id = overrides_by_subject([replace(override, subject="t")], twins)
    assert list(by_id) == ["t"]


graded = st.builds(
    Grade,
    subject=st.text(max_size=8),
    axis=st.just("reliability"),
    value=st.sampled_from("ABCDEF"),
    rules=st.lists(st.text(max_size=8), max_size=2).map(tuple),
    sentence=st.text(max_size=8),
    version=st.integers(1, 9),
)


@settings(max_examples=40, deadline=None)
@given(graded, st.none() | st.sampled_from("ABCDEF"), st.text(max_size=8))
def test_a_stored_grade_comes_back_equal(
    grade: Grade, given_by: str | None, note: str
) -> None:
    override = Override(grade.subject, given_by, None, "Ada", note)
    schema = stored.SOURCE_SCHEMAS["grades"]
    row = stored.grade_row(grade, override)
    assert set(row) == set(schema.names)
    (back,) = pa.Table.from_pylist([row], schema=schema).to_pylist()
    assert stored.grade(back) == grade
    assert stored.override(back) == (override if given_by else None)


# -- the page for researchers -------------------------------------------------------


def rules_as_written() -> str:
    """The table of rules as `docs/grades.md` has it."""
    lines = []
    for axis in SCALES:
        lines += [f"### Rules of {axis}", "", "| rule | if | then | because |"]
        lines += ["|---|---|---|---|"]
        for rule in (r for r in table().rules if r.axis == axis):
            when = " and ".join(
                f"{c.figure} {c.operator} {' '.join(c.values)}" for c in rule.when
            )
            floor = f", not below {rule.floor}" if rule.floor else ""
            then = (
                rule.grade
                or (rule.at_most and f"at most {rule.at_most}")
                or f"{rule.lower} lower{floor}"
            )
            lines.append(f"| `{rule.id}` | {when or 'always'} | {then} | {rule.says} |")
        lines.append("")
    return "\n".join(lines)


def test_the_page_on_grades_shows_the_rules_as_they_are() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert rules_as_written() in page
    assert f"Version {table().version} of the rules" in page


def test_the_page_on_grades_explains_every_figure_and_every_grade() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for axis, figures in table().observable.items():
        for name, what in figures.items():
            assert f"| `{name}` | {what} |" in page
        for value, meaning in table().meaning[axis].items():
            assert f"| {value} | {meaning} |" in page

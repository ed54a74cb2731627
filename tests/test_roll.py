"""Which names are one actor: tables of what is joined, what never is, invariants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.actors import Alias, Aliases, Roll, read_aliases
from annotator.attribute.actors import find_actors
from annotator.errors import BadManifest
from annotator.records import Article, ScoredArticle, Sentence, Stance


def scored(
    text: str,
    article_id: str = "a",
    outlet: str | None = "Post",
    copy: str | None = None,
) -> ScoredArticle:
    article = Article(
        article_id=article_id,
        source_path=f"{article_id}.txt",
        outlet=outlet,
        text=text,
        duplicate_of=copy,
    )
    sentence = Sentence(f"{article_id}:0", article_id, 0, 0, len(text))
    stances = tuple(
        Stance(
            m.sentence_id,
            m.span,
            m.name,
            m.kind,
            "outlet",
            family=m.family,
            head=m.head,
        )
        for m in find_actors(text, [sentence])
    )
    return ScoredArticle(article, (sentence,), {}, stances=stances)


def roll_of(texts: Sequence[str], aliases: Aliases | None = None) -> Roll:
    roll = Roll(aliases)
    for number, text in enumerate(texts):
        roll.add(scored(text, f"a{number}"))
    return roll


def counts(texts: Sequence[str], aliases: Aliases | None = None) -> dict[str, int]:
    return {a.name: a.mentions for a in roll_of(texts, aliases).actors()}


@pytest.mark.parametrize(
    ("texts", "actors"),
    [
        pytest.param(
            [
                "The Syrian regime left.",
                "Syria's government left.",
                "Damascus said so.",
            ],
            {"Syrian government": 3},
            id="a state's regime, government and capital are its government",
        ),
        pytest.param(
            ["The Syrian regime fell. The regime said so."],
            {"Syrian government": 2},
            id="a bare regime is that of the only owner in the article",
        ),
        pytest.param(
            ["The Syrian regime met the Iranian regime. The regime said so."],
            {
                "Iranian government": 1,
                "Syrian government": 1,
                "government, unspecified": 1,
            },
            id="of two owners a bare regime is nobody's",
        ),
        pytest.param(
            ["The rebels left.", "The terrorists left.", "They met militants."],
            {"armed groups, unspecified": 3},
            id="one outlet's rebels are another's terrorists",
        ),
        pytest.param(
            ["Belarusian President Ivan Koval left.", "The Koval regime said so."],
            {"Belarusian government": 1, "Ivan Koval": 1},
            id="a leader's regime is the state's, where a text ties the two",
        ),
        pytest.param(
            [
                "Belarusian President Ivan Koval left. The Koval regime said so.",
                "Belarusian President Oleg Brandt came. The Brandt regime said so.",
            ],
            {
                "Brandt regime": 1,
                "Ivan Koval": 1,
                "Koval regime": 1,
                "Oleg Brandt": 1,
            },
            id="the governments of two leaders stay apart",
        ),
        pytest.param(
            ["The Free Northern Army left.", "The Syrian Arab Army left."],
            {"Free Northern Army": 1, "Syrian army": 1},
            id="an army with a name of its own is not the state's",
        ),
        pytest.param(
            ["Mohammed Saleh left.", "Mr. Muhammad Salih left."],
            {"Mohammed Saleh": 2},
            id="spellings in Latin letters are one",
        ),
        pytest.param(
            ["Hassan Saleh left.", "Mr. Hussein Saleh left."],
            {"Hassan Saleh": 1, "Hussein Saleh": 1},
            id="names that vowels tell apart are two",
        ),
        pytest.param(
            ["David John Okafor left.", "David Okafor left.", "Mr. Okafor said so."],
            {"David John Okafor": 3},
            id="a middle name is left out or given",
        ),
        pytest.param(
            ["David Okafor left.", "Mr. Okafor said so."],
            {"David Okafor": 2},
            id="a family name is that of the only bearer in the outlet",
        ),
        pytest.param(
            ["David Okafor left.", "Maria Okafor left.", "Mr. Okafor said so."],
            {"David Okafor": 1, "Maria Okafor": 1, "Okafor": 1},
            id="a family name of two bearers stays apart",
        ),
        pytest.param(
            ["The Lake Food Agency (LFA) said so.", "They met the LFA."],
            {"Lake Food Agency": 3},
            id="an acronym that a text spells out",
        ),
        pytest.param(
            ["The Nahr Front said so.", "Nahr Front fighters left."],
            {"Nahr Front": 2},
            id="a body's fighters are the body",
        ),
        pytest.param(
            ["Senate Democrats left.", "The Democrats said so."],
            {"Democratic Party": 2},
            id="members of a party are the party",
        ),
        pytest.param(
            ["The GOP left.", "Senate Republicans met the Republican Party."],
            {"Republican Party": 3},
            id="a party that is known by several names",
        ),
        pytest.param(
            ["Daesh said so.", "ISIS fighters left.", "They met the Islamic State."],
            {"Islamic State": 3},
            id="an armed group that is known by several names",
        ),
        pytest.param(
            ["The regime's forces met regime officials of the Syrian regime."],
            {"Syrian army": 1, "Syrian government": 2},
            id="a noun before what its actor has is the actor",
        ),
        pytest.param(
            ["The US-led coalition struck. The coalition said so."],
            {"US coalition": 2},
            id="a coalition is that of the state that leads it",
        ),
    ],
)
def test_names_of_one_actor_are_joined(
    texts: list[str], actors: dict[str, int]
) -> None:
    assert counts(texts) == actors


def test_every_naming_has_an_actor_with_its_variants() -> None:
    texts = ["The Syrian regime fell.", "Syria's government said so to Omar Deniz."]
    roll = roll_of(texts)
    for number, text in enumerate(texts):
        article = scored(text, f"a{number}")
        for stance in article.stances:
            actor = roll.actor_of(article, stance)
            assert actor in roll.actors()
            assert actor is not None
            written = text[slice(*stance.span)]
            assert written in [v.value for v in actor.variants]


def test_copies_count_once_in_each_outlet() -> None:
    roll = Roll()
    for article_id, outlet, copy in [
        ("a", "Post", None),
        ("b", "Post", "a"),
        ("c", "Echo", "a"),
        ("d", "Echo", "a"),
    ]:
        roll.add(scored("Omar Deniz left.", article_id, outlet, copy))
    (actor,) = roll.actors()
    assert (actor.mentions, actor.articles) == (2, 2)
    assert {t.value: t.count for t in actor.outlets} == {"Post": 1, "Echo": 1}


def test_the_alias_table_has_the_last_word() -> None:
    aliases = Aliases(
        (
            Alias("Syrian government", kind="body", also=("Orlan",)),
            Alias("Omar Deniz", kind="person", never=("Umar Deniz",)),
        )
    )
    texts = ["Mr. Orlan met the Syrian regime.", "Omar Deniz met Mr. Umar Deniz."]
    assert counts(texts, aliases) == {
        "Omar Deniz": 1,
        "Syrian government": 2,
        "Umar Deniz": 1,
    }


def test_a_family_name_of_two_is_that_of_the_public_figure_whom_most_mean() -> None:
    roll = Roll()
    for number in range(8):
        text = "Mr. David Okafor left." if number else "Mr. Okafor left."
        roll.add(scored(text, f"d{number}", f"outlet {number}"))
    roll.add(scored("Maria Okafor left.", "m", "outlet 0"))
    roll.add(scored("David Okafor left.", "n", "outlet 0"))
    assert {a.name: a.mentions for a in roll.actors()} == {
        "David Okafor": 9,
        "Maria Okafor": 1,
    }


@pytest.mark.parametrize(
    ("row", "actors"),
    [
        (Alias("Caliphate", also=("Daesh",)), {"Caliphate": 1, "Islamic State": 1}),
        (Alias("Islamic State", kind="group"), {"Islamic State": 2}),
        (Alias("Orlan", never=("Daesh",)), {"Daesh": 1, "Islamic State": 1}),
    ],
)
def test_the_users_table_comes_before_the_known_bodies(
    row: Alias, actors: dict[str, int]
) -> None:
    found = roll_of(["Daesh said so.", "ISIS said so."], Aliases((row,))).actors()
    assert {a.name: a.mentions for a in found} == actors
    assert row.kind is None or found[0].kind == row.kind


TEXTS = [
    "The Syrian regime met Mr. Mohammed Saleh. The regime said so.",
    "Mr. Muhammad Salih met rebels and Hassan Saleh.",
    "Syrian President Hassan Saleh left. The Saleh regime said so.",
    "Mr. Saleh said so to the Lake Food Agency (LFA).",
    "The LFA warned the terrorists and the army.",
    "Senate Democrats met Mr. Saleh's government.",
]


@settings(max_examples=25, deadline=None)
@given(st.permutations(list(enumerate(TEXTS))))
def test_the_order_of_articles_changes_nothing(order: list[tuple[int, str]]) -> None:
    def add(articles: list[tuple[int, str]]) -> Roll:
        roll = Roll()
        for number, text in articles:
            copy = "a0" if number == 3 else None
            roll.add(scored(text, f"a{number}", "PE"[number % 2], copy))
        return roll

    assert add(order).actors() == add(sorted(order)).actors()


FIRST = ("Boris", "David", "Carla", "Peter", "Maria", "Judith", "Hassan", "Hussein")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(FIRST), min_size=1, max_size=6))
def test_people_with_different_first_names_are_never_joined(firsts: list[str]) -> None:
    roll = roll_of([f"{first} Okafor left. Mr. Okafor said so." for first in firsts])
    for actor in roll.actors():
        given_names = {str(v.value).split()[0] for v in actor.variants} - {"Okafor"}
        assert len(given_names) <= 1


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[[actor]]", "has no name"),
        ("[[actor]]\nname = 3", "name must be a text"),
        ("[[actor]]\nname = 'A'\nalso = 'B'", "also must be a list"),
        ("[[actor]]\nname = 'A'\nalias = ['B']", "unknown key 'alias'"),
        ("[[actor]]\nname = 'A'\nkind = 'army'", "kind 'army'"),
        (
            "[[actor]]\nname = 'A'\n[[actor]]\nname = 'B'\nalso = ['The a']",
            "is given to",
        ),
        ("[[actor]]\nname = 'A'\nnever = ['a']", "both means"),
        ("[actor]\nname = 'A'", "tables only"),
        ("name = 'A'", "tables only"),
        ("[[actor", "no TOML"),
        ("actor = [3]", "expected a table"),
    ],
)
def test_a_mistake_in_the_alias_table_is_told(
    tmp_path: Path, toml: str, complaint: str
) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(BadManifest, match=complaint):
        read_aliases(path)


def test_an_alias_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match="cannot be read"):
        read_aliases(tmp_path / "none.toml")


def test_an_alias_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text('[[actor]]\nname = "A"\nalso = ["B"]\n', encoding="utf-8")
    assert read_aliases(path).actors == (Alias("A", also=("B",)),)


def test_hostile_names_take_little_time_and_break_nothing() -> None:
    text = (
        "Omar Deniz left. "
        + "A" * 20_000
        + "\x00 said. Mr. "
        + "Zz-" * 5_000
        + "Y said."
    )
    roll = roll_of([text, "’s said. Mr. ’s’s left. Al-Al said."])
    assert all(actor.name and actor.actor_id for actor in roll.actors())

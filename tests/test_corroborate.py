"""Claims of different articles are matched, counted by origin, and set side by side."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from annotator.codebook import LabelName
from annotator.corroborate import corroborate
from annotator.corroborate.candidates import candidates
from annotator.corroborate.claims import claims
from annotator.corroborate.dates import Days, named_days
from annotator.corroborate.events import Link, events
from annotator.corroborate.figures import figures
from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.origins import outlet_key
from annotator.corroborate.relations import Match, relate
from annotator.corroborate.words import name_key, tokens
from annotator.records import (
    Article,
    Attribution,
    AttributionLoss,
    Corroboration,
    Headline,
    Label,
    ScoredArticle,
    Sentence,
    Span,
    Standing,
)
from annotator.report.terminal_events import (
    Told,
    event_table,
    loss_table,
    summary,
)
from annotator.store import events as rows

SCENES = tomllib.loads(
    (Path(__file__).parent / "corroborations.toml").read_text(encoding="utf-8")
)["scene"]
MARKED = re.compile(r"<([^>]*)>|\*([^*]*)\*|\[([^\]]*)\]")
DAY = "2031-05-14"


def embed(texts):
    """Stand in for an encoder: hashed words and their beginnings, unit length."""
    vectors = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.casefold()):
            for part in (word, word[:4]):
                vectors[row, hash_of(part) % 512] += 1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def hash_of(word):
    return sum(ord(c) * 31**i for i, c in enumerate(word))


def scored(
    name,
    *written,
    outlet=None,
    day=DAY,
    title=None,
    head: LabelName | None = None,
    kind="government",
    **fields,
):
    """Make a scored article of sentences with <source>, *cue* and [content]."""
    text, sentences, labels, said = "", [], {}, []
    for index, one in enumerate(written):
        start, at, spans = len(text), 0, {}
        for mark in MARKED.finditer(one):
            text += one[at : mark.start()]
            layer = ("source", "cue", "content")[mark.lastindex - 1]
            spans[layer] = Span(len(text), len(text) + len(mark[mark.lastindex]))
            text += mark[mark.lastindex]
            at = mark.end()
        text += one[at:]
        sentence_id = f"{name}:{index}"
        label: LabelName = "reported_fact"
        if spans:
            known = "source" in spans
            label = "attributed_claim" if known else "unverifiable_allegation"
            said.append(
                Attribution(
                    sentence_id,
                    spans.get("source"),
                    spans.get("cue"),
                    spans.get("content"),
                    kind if known else "hearsay",
                )
            )
        sentences.append(Sentence(sentence_id, name, index, start, len(text)))
        labels[sentence_id] = Label(sentence_id, label, (1, 0, 0, 0), 1.0, (), "hand")
        text += " "
    return ScoredArticle(
        Article(
            name,
            f"{name}.txt",
            text,
            outlet=outlet,
            published=day,
            title=title,
            **fields,
        ),
        tuple(sentences),
        labels,
        tuple(said),
        headline=Headline(head, 0.9) if head else None,
    )


def only_claim(article):
    (claim,) = claims(article)
    return claim


def relation(one, other, similarity=0.8):
    match = relate(only_claim(one), only_claim(other), similarity, lambda name: 6.0)
    return match.relation if match else None


# What a sentence says ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high", "of", "act"),
    [
        ("At least nine people were killed", 9, 9, "people", "kill"),
        ("Twenty-three patients died", 23, 23, "patient", "kill"),
        ("9,000 people fled", 9000, 9000, "people", "flee"),
        ("9 000 residents fled", 9000, 9000, "people", "flee"),
        ("half a million people fled", 5e5, 5e5, "people", "flee"),
        ("dozens of civilians were wounded", 20, 99, "people", "wound"),
        ("about 100 homes burned", 90, 110, "home", None),
        ("nobody was killed", 0, 0, None, "kill"),
        ("raised its rate to 4.5 per cent", 4.5, 4.5, "%", "raise"),
        ("paid $1.5 million in bribes", 1.5e6, 1.5e6, "$", "bribe"),
        ("a magnitude 6.3 earthquake", 6.3, 6.3, "magnitude", "quake"),
        ("jailed for seven years", 7, 7, "year", "sentence"),
        ("two dozen women were arrested", 24, 24, "women", "arrest"),
        ("three hundred and five soldiers died", 305, 305, "soldier", "kill"),
    ],
)
def test_a_figure_is_read_with_what_it_counts(text, low, high, of, act):
    (figure,) = read_figures(text)
    stem = tokens(of)[0].stem if of else None
    of = lexicon().same_count.get(stem, stem)
    assert (figure.low, figure.high) == pytest.approx((low, high))
    assert (figure.of, figure.act) == (of, act)


@pytest.mark.parametrize(
    "text",
    [
        "an F-16 jet was lost",
        "a 14-year-old was killed",
        "Resolution 2118 was adopted",
        "the town was seized in 2013",
        "the army is 40 km away",
    ],
)
def test_a_number_that_counts_nothing_is_no_figure(text):
    assert read_figures(text) == ()


def test_each_figure_goes_with_its_own_verb():
    found = read_figures("one child was killed and 7 people were injured")
    assert [(f.high, f.act) for f in found] == [(1, "kill"), (7, "wound")]


def read_figures(text):
    words = tokens(text)
    return figures(text, words, [lexicon().acts.get(w.stem) for w in words])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sheikhun", "Shaykhoun", True),
        ("Raqqa", "Rakka", True),
        ("Deir", "Dayr", True),
        ("Douma", "Duma", True),
        ("Homs", "Hamas", False),
        ("Iran", "Iraq", False),
        ("Mali", "Malawi", False),
    ],
)
def test_spellings_of_a_name_meet_and_other_names_do_not(one, other, same):
    assert (name_key(one) == name_key(other)) is same


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Tuesday", "2031-05-13", "2031-05-13"),
        ("yesterday", "2031-05-13", "2031-05-13"),
        ("on 5 May", "2031-05-05", "2031-05-05"),
        ("on December 30", "2030-12-30", "2030-12-30"),
        ("April 5, 2017", "2017-04-05", "2017-04-05"),
        ("in March 2011", "2011-03-01", "2011-03-31"),
        ("in 2013", "2013-01-01", "2013-12-31"),
    ],
)
def test_a_date_is_read_from_the_day_of_publication(text, first, last):
    published = date.fromisoformat(DAY).toordinal()
    expected = Days(*(date.fromisoformat(d).toordinal() for d in (first, last)))
    assert named_days(f"They met {text}.", published) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "The war in Soran has killed more than 200,000 people since it began in 2019.",
        "Rebels seized the town of Kelmet in August 2013.",
        "Was the town of Kelmet really seized by rebels?",
        "Kelmet is a pretty place by the sea.",
    ],
)
def test_background_questions_and_descriptions_report_no_event(text):
    assert claims(scored("a", text)) == []


# How two claims relate -----------------------------------------------------------


def pairs(split):
    for scene in SCENES:
        if scene["split"] != split:
            continue
        for kind in ("agrees", "differs_in_figures", "contradicts", "other_event"):
            for entry in scene.get(kind, ()):
                entry = {"text": entry} if isinstance(entry, str) else entry
                first = scored("a", scene["claim"], day=str(scene["day"]))
                day = str(entry.get("day", scene["day"]))
                yield kind, first, scored("b", entry["text"], day=day)


def judged(split):
    """Count what is found against what is true, likeness taken to be high."""
    found: Counter[tuple[str, str | None]] = Counter()
    for kind, one, other in pairs(split):
        read = claims(one), claims(other)
        got = relation(one, other) if all(read) else None
        found[kind, got] += 1
    return found


@pytest.mark.parametrize("split", ["development", "held_out"])
def test_a_match_can_be_trusted_even_where_meanings_are_equally_alike(split):
    found = judged(split)
    given = Counter({pair: n for pair, n in found.items() if pair[1] is not None})
    right = sum(n for (kind, got), n in given.items() if kind == got)
    assert right / given.total() >= 0.9
    assert right / sum(n for (k, _), n in found.items() if k != "other_event") >= 0.8


BOMB = "Nine people were killed on Tuesday when a bomb exploded in Tarvo, near Osk."


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("A bomb blast killed nine people in Tarvo near Osk on Tuesday.", "agrees"),
        ("At least nine were killed by the bomb in Tarvo near Osk.", "agrees"),
        ("A bomb killed eleven people in Tarvo near Osk.", "differs_in_figures"),
        ("At least 11 were killed by the bomb in Tarvo.", "differs_in_figures"),
        ("Nobody was killed by the bomb in Tarvo near Osk.", "contradicts"),
        (
            "<The mayor> *denied* [that anyone was killed by a bomb in Tarvo].",
            "contradicts",
        ),
        ("A bomb killed nine people in Sulet near Brik.", None),
        ("A bomb killed 600 people in Tarvo near Osk.", None),
        ("On 2 May a bomb killed nine people in Tarvo near Osk.", None),
    ],
)
def test_figures_places_days_and_denials_decide(other, expected):
    assert relation(scored("a", BOMB), scored("b", other)) == expected


def test_another_perpetrator_contradicts():
    one = scored("a", "Army jets bombed the clinic in Tarvo near Osk on Tuesday.")
    other = scored("b", "Rebels bombed the clinic in Tarvo near Osk on Tuesday.")
    assert relation(one, other) == "contradicts"


def test_a_part_is_not_held_against_the_whole():
    one = scored("a", "A bomb killed nine people in Tarvo on Tuesday.")
    other = scored("b", "A bomb in Tarvo on Tuesday killed nine, including four women.")
    assert relation(one, other) == "agrees"


def test_without_a_date_more_must_agree():
    one = scored("a", "A bomb exploded in Tarvo.", day=None)
    other = scored("b", "A bomb exploded in Tarvo.", day=None)
    more = "A bomb exploded in Tarvo near Osk, killing 17 people."
    assert relation(one, other, 0.7) is None
    assert relation(scored("a", more, day=None), scored("b", more, day=None), 0.8)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            "Parliament passed the water bill on Monday with 61 votes in favour.",
            "Parliament rejected the water bill on Monday.",
            "contradicts",
            marks=pytest.mark.xfail(
                strict=True, reason="nothing is named that a bill of water could be"
            ),
        ),
        pytest.param(
            "Dozens were killed in the shelling of Tarvo near Osk on Monday.",
            "Four were killed in the shelling of Tarvo near Osk on Monday.",
            "differs_in_figures",
            marks=pytest.mark.xfail(
                strict=True, reason="so far apart it is mostly another event"
            ),
        ),
        pytest.param(
            "Shelling killed 19 people in Tarvo near Osk on Monday.",
            "On Monday shelling killed 17 people in Tarvo and another two in Osk.",
            "agrees",
            marks=pytest.mark.xfail(strict=True, reason="figures are not added up"),
        ),
    ],
)
def test_what_is_not_seen_yet(one, other, expected):
    assert relation(scored("a", one), scored("b", other)) == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(pairs("development"))), st.floats(0.5, 1))
def test_a_relation_is_the_same_from_either_side(pair, similarity):
    _, one, other = pair
    if claims(one) and claims(other):
        assert relation(one, other, similarity) == relation(other, one, similarity)


# Candidates and events -----------------------------------------------------------


def bare(name, article, day):
    return replace(
        only_claim(scored(article, BOMB)), sentence_id=name, article_id=article, day=day
    )


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(1, 40)), max_size=20),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
)
def test_candidates_are_all_near_in_days_and_of_different_articles(days, window, rng):
    days = sorted(days, key=lambda d: (d is None, d or 0))
    found = [bare(f"s{i}", f"a{rng.randrange(4)}", d) for i, d in enumerate(days)]
    vectors = np.full((len(found), 8), 8**-0.5, dtype=np.float32)
    got = {(c.one, c.other) for c in candidates(found, vectors, window, 0.5)}
    expected = {
        (i, j)
        for i, a in enumerate(found)
        for j, b in enumerate(found[i + 1 :], i + 1)
        if a.article_id != b.article_id
        and (a.day is None or b.day is None or b.day - a.day <= window)
    }
    assert got == expected


def test_the_index_of_many_claims_finds_what_an_exact_search_finds():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(300, 32))
    vectors = centres[rng.integers(300, size=5000)] + rng.normal(size=(5000, 32)) / 4
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("f4")
    found = [bare(f"s{i}", f"a{i}", i // 10) for i in range(5000)]
    got = {(c.one, c.other) for c in candidates(found, vectors, 3, 0.7)}
    exact = {
        (i, int(j))
        for i in range(5000)
        for j in np.flatnonzero(vectors[i] @ vectors[i + 1 : i + 41].T >= 0.7) + i + 1
        if found[int(j)].day - found[i].day <= 3
    }
    assert len(got & exact) >= 0.95 * len(exact)
    assert got <= exact


def test_a_chain_of_claims_is_not_one_event():
    found = [bare(f"s{i}", f"a{i}", 1) for i in range(4)]
    match = Match("agrees", None, None, "")
    chain = [Link(0, 1, 0.9, match), Link(1, 2, 0.8, match), Link(2, 3, 0.9, match)]
    assert events(found, chain, range(4)) == {0: 0, 1: 0, 2: 2, 3: 2}
    whole = [*chain, Link(0, 2, 0.8, match), Link(1, 3, 0.8, match)]
    assert set(events(found, whole, range(4)).values()) == {0}


# Origins -------------------------------------------------------------------------

STORY = (
    "A bomb killed nine people at the fish market of Tarvo on Tuesday morning.",
    "Ambulances carried 31 wounded people from Tarvo to the hospital in Osk.",
    "Traders in Tarvo closed their shops after the bomb exploded on Tuesday.",
)
RETOLD = (
    "Nine people were killed on Tuesday when a bomb exploded at Tarvo's fish market."
)


def origins_of(*articles):
    """Give the articles and origins behind the best supported claim."""
    found = corroborate(articles, embed)
    best = max(found.standings, key=lambda s: (s.articles, s.origins))
    return best.articles, best.origins


def test_four_articles_with_one_origin_are_said_to_be_so():
    copies = [
        scored("a", *STORY, outlet="Wire", day="2031-05-13"),
        scored("b", *STORY, outlet="Daily"),
        scored("c", *STORY, "The Daily adds its own words here.", outlet="Post"),
        scored("d", "The mayor spoke of rain.", *STORY, outlet="Times"),
    ]
    assert origins_of(*copies) == (4, 1)


@pytest.mark.parametrize(
    ("first", "second", "origins"),
    [
        ({"outlet": "Daily"}, {"outlet": "Post"}, 2),
        ({"outlet": "Daily"}, {"outlet": "The Daily Online"}, 1),
        ({"outlet": "Daily"}, {"outlet": "Post", "written": "TARVO (Reuters) {}"}, 2),
        (
            {"outlet": "Daily", "written": "{} (With AFP)"},
            {"outlet": "Post", "written": "Tarvo, AFP - {}"},
            1,
        ),
        ({"outlet": "Reuters"}, {"outlet": "Post", "written": "{} --Reuters"}, 1),
        (
            {"outlet": "Daily"},
            {"outlet": "Post", "written": "<The Daily> *reported*: {}"},
            1,
        ),
        (
            {"outlet": "Daily", "written": "<The Tarvo Monitor> *said*: {}"},
            {"outlet": "Post", "written": "<The Monitor in Osk> *said*: {}"},
            2,
        ),
        (
            {"outlet": "Daily", "written": "<The Tarvo Monitor> *said*: {}"},
            {"outlet": "Post", "written": "<The Tarvo Monitor> *said*: {}"},
            1,
        ),
    ],
)
def test_origins_are_counted_behind_agreeing_claims(first, second, origins):
    def article(name, text, outlet, written="{}"):
        return scored(name, written.format(text), outlet=outlet)

    articles = (
        article("a", BOMB, **first),
        article(
            "b",
            "A bomb blast killed nine people in Tarvo near Osk on Tuesday.",
            **second,
        ),
    )
    found = corroborate(articles, embed)
    assert [p.same_origin for p in found.pairs] == [origins == 1]
    assert [(s.articles, s.origins) for s in found.standings] == [(2, origins)] * 2


def test_an_outlet_cited_through_its_correspondent_is_that_outlet():
    cited = scored("a", f"<The Daily's correspondent> *said*: {BOMB}", outlet="Post")
    own = scored("b", BOMB.replace("when", "as"), outlet="Daily")
    (pair,) = corroborate([cited, own], embed).pairs
    assert pair.same_origin


@pytest.mark.parametrize(
    ("one", "other"),
    [("Al-Manar TV", "manar"), ("The Daily Sabah", "Daily Sabah"), ("SANA", "sana")],
)
def test_ways_to_write_an_outlet_meet(one, other):
    assert outlet_key(one) == outlet_key(other)


def test_a_claim_that_nobody_repeats_stands_alone():
    found = corroborate(
        [scored("a", BOMB), scored("b", RETOLD.replace("Tarvo", "Brik"))], embed
    )
    assert [(s.event_id, s.articles, s.origins) for s in found.standings] == [
        (None, 1, 1)
    ] * 2


def test_no_articles_give_nothing():
    found = corroborate([], embed)
    assert (found.pairs, found.standings, found.losses, found.origins) == (
        (),
        (),
        (),
        {},
    )


# Attribution loss ----------------------------------------------------------------

SAID = "<The governor> *said* [a bomb killed nine people in Tarvo near Osk on Tuesday]."


def test_a_headline_that_asserts_what_the_body_attributes_is_found():
    title = "Bomb kills nine people in Tarvo near Osk"
    article = scored("a", SAID, title=title, head="reported_fact")
    (loss,) = corroborate([article], embed).losses
    assert (loss.place, loss.asserted_id, loss.attributed_id) == (
        "headline",
        "a:title",
        "a:0",
    )
    assert (loss.asserted, loss.lost) == (title, "The governor")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (
            (SAID, "A bomb killed nine people in Tarvo near Osk on Tuesday."),
            "reported_fact",
        ),
        ((SAID,), "attributed_claim"),
        (
            ("<The governor> *said* [the roads of Tarvo were closed on Tuesday].",),
            "reported_fact",
        ),
    ],
)
def test_a_headline_that_the_body_backs_or_that_attributes_is_left_alone(body, head):
    title = "Bomb kills nine people in Tarvo near Osk"
    assert corroborate([scored("a", *body, title=title, head=head)], embed).losses == ()


def test_an_outlet_that_drops_allegedly_is_found_with_both_passages():
    kept = scored(
        "a",
        "Nine people were *allegedly* killed by a bomb in Tarvo near Osk on Tuesday.",
        outlet="Daily",
    )
    dropped = scored("b", BOMB, outlet="Post")
    (loss,) = corroborate([kept, dropped], embed).losses
    assert (loss.place, loss.lost) == ("outlet", "allegedly")
    assert (loss.asserted_outlet, loss.attributed_outlet) == ("Post", "Daily")
    assert loss.asserted == BOMB


def test_an_outlet_that_attributes_elsewhere_in_the_event_lost_nothing():
    kept = scored("a", SAID, outlet="Daily")
    both = scored("b", BOMB, SAID, outlet="Post")
    assert corroborate([kept, both], embed).losses == ()


# Invariants ----------------------------------------------------------------------

SENTENCES = st.lists(
    st.sampled_from([BOMB, RETOLD, SAID, *STORY, BOMB.replace("Nine", "Twelve")]),
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(SENTENCES, st.sampled_from(["Daily", "Post", None])), max_size=5)
)
def test_counts_never_exceed_each_other_and_pairs_are_between_articles(written):
    articles = [
        scored(f"a{i}", *texts, outlet=outlet)
        for i, (texts, outlet) in enumerate(written)
    ]
    found = corroborate(articles, embed)
    standing = {s.sentence_id: s for s in found.standings}
    for s in standing.values():
        assert 1 <= s.origins <= s.articles
        assert 1 <= s.outlets <= s.articles
        assert (s.event_id is None) <= (s.articles == 1)
    for pair in found.pairs:
        assert pair.sentence_id.split(":")[0] != pair.other_id.split(":")[0]
        assert standing[pair.sentence_id].event_id == pair.event_id
        assert standing[pair.other_id].event_id == pair.event_id


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=40))
def test_no_text_can_break_it(text, title):
    article = scored("a", title=title, head="reported_fact")
    whole = Sentence("a:0", "a", 0, 0, len(text))
    label = Label("a:0", "reported_fact", (1, 0, 0, 0), 1.0, (), "hand")
    article = replace(
        article,
        article=replace(article.article, text=text, outlet=title or None),
        sentences=(whole,),
        labels={"a:0": label},
    )
    corroborate([article, scored("b", BOMB)], embed)


# Store, terminal, libraries ------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "to_row", "from_row"),
    [
        (
            Corroboration(
                "a:0",
                "b:1",
                "event:a:0",
                "differs_in_figures",
                0.8,
                True,
                "nine",
                "11",
                "people kill",
                "why",
            ),
            rows.corroboration_row,
            rows.corroboration,
        ),
        (Standing("a:0", None, origin="Daily"), rows.standing_row, rows.standing),
        (
            AttributionLoss(
                "outlet", "a:0", "x", None, "b:0", "y", "Post", "said", 0.7
            ),
            rows.loss_row,
            rows.loss,
        ),
    ],
)
def test_a_stored_record_comes_back_equal(record, to_row, from_row):
    table = {
        Corroboration: "corroborations",
        Standing: "standings",
        AttributionLoss: "losses",
    }[type(record)]
    row = to_row(record)
    assert set(row) == set(rows.EVENT_SCHEMAS[table].names)
    assert from_row(row) == record


def test_the_terminal_shows_events_and_losses_without_obeying_the_text():
    nasty = "Tarvo \x1b[31m[bold]\u202e"
    articles = [
        scored("a", BOMB, outlet=nasty),
        scored("b", BOMB.replace("Nine", "Eleven"), outlet="Post"),
    ]
    found = corroborate(articles, embed)
    told = {
        s.sentence_id: Told(a.article.outlet, DAY, a.article.text)
        for a in articles
        for s in a.sentences
    }
    loss = AttributionLoss("outlet", "a:0", nasty, nasty, "b:0", "y", None, nasty, 0.7)
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(summary(found.standings))
    console.print(event_table(found.pairs, found.standings, told))
    console.print(loss_table([loss]))
    shown = console.export_text()
    assert "figures differ" in shown
    assert "Nine / Eleven" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]" in shown


def test_the_vector_index_and_torch_live_in_one_process():
    code = (
        "import faiss, numpy, torch\n"
        "faiss.omp_set_num_threads(1)\n"
        "v = numpy.eye(4, dtype='float32')\n"
        "index = faiss.IndexFlatIP(4); index.add(v)\n"
        "assert index.search(v, 1)[1].ravel().tolist() == [0, 1, 2, 3]\n"
        "assert float((torch.ones(64, 64) @ torch.ones(64, 64)).sum()) == 64**3\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_an_encoder_gives_unit_vectors_whatever_stands_beside_a_text(
    tiny_model, tiny_encoder
):
    from annotator.errors import BadModel
    from annotator.tag.embedding import Embedder

    texts = ["the army said", "a bridge in the city " * 60, "", "police"]
    for folder in (tiny_model, tiny_encoder):
        encode = Embedder(folder, device="cpu")
        vectors = encode(texts)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
        for text, vector in zip(texts, vectors, strict=True):
            assert encode([text])[0] == pytest.approx(vector, abs=1e-4)
    with pytest.raises(BadModel, match="no model 'none'"):
        Embedder("none")

"""Near copies: what counts as one article, and what must not."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.ingest import NearDuplicates

STORY = """
Dock workers at the port of Norwick walked out for an eighth day on Monday after talks
with the harbour board broke up without agreement. About 1,200 crane drivers, pilots and
clerks have refused to work since March 6, when the board withdrew an offer of a 4.5
percent rise. The board's chairman denied that any promise had been made and called the
figures of the union invented. Two grain ships left for Antwerp on Sunday without
unloading, according to the log of the harbour master. Local firms say that the stoppage
is beginning to bite. Bakeries in the old town have flour for nine days, the chamber of
commerce said in a statement. Talks resume on Wednesday, when both sides are to meet a
mediator named by the ministry of labour at a hotel outside the city.
"""
SAME_EVENT = """
The strike at Norwick's container port entered a second week as about 1,200 workers
stayed away from the cranes. Since March 6 they have demanded that the harbour board
return to its offer of 4.5 percent. Sir Alan Petrie, who chairs the board, told the
press that no such promise was ever given. Grain traders have sent at least two vessels
on to Antwerp. The chamber of commerce warned that bakers would run out of flour in nine
days. A mediator is to see both sides on Wednesday at a hotel near the airport.
"""
REPORT = """
Over the past {a} hours, the ministry counted {b} breaches of the ceasefire in the
province of Orlen and {c} in the province of Velm. Armed groups fired {d} mortar shells
at positions of the army near the ridge, wounding {e} soldiers. The mission flew {f}
patrols along the line of contact. The coordination centre delivered {g} tonnes of food
to villages in the valley. The process of clearing mines continues and {h} hectares were
checked during the day. The parties go on observing the regime of silence in the other
districts of the region, the ministry said in its daily statement to the press.
"""


def _report(*figures):
    return REPORT.format(**dict(zip("abcdefgh", figures, strict=True)))


CASES = [
    ("the same page saved twice", STORY, STORY, True),
    ("other line breaks and case", STORY, STORY.replace("\n", "\r\n").upper(), True),
    ("curly quotes for straight", STORY, STORY.replace("'", "’"), True),
    (
        "wire copy with a lead-in and a credit",
        STORY,
        f"NORWICK, March 14 (AP) — From our wires.{STORY}© 2023 The Associated Press.",
        True,
    ),
    ("the last sentence cut off", STORY, STORY.rpartition("Talks resume")[0], True),
    ("another story on the same event", STORY, SAME_EVENT, False),
    (
        "a daily report with other figures",
        _report(24, 11, 3, 40, 2, 5, 12, 30),
        _report(24, 7, 9, 16, 4, 6, 15, 25),
        False,
    ),
    (
        "a daily report with one other figure",
        _report(24, 11, 3, 40, 2, 5, 12, 30),
        _report(24, 11, 3, 41, 2, 5, 12, 30),
        False,
    ),
    ("the first half only", STORY, STORY[: len(STORY) // 2], False),
    ("a headline's worth of words", "Ferry sinks off Norwick", "Ferry sinks", False),
    ("no words at all", "…", "…", False),
]


@pytest.mark.parametrize(
    ("first", "second", "copy"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_near_copies_are_found_and_nothing_else(first, second, copy):
    seen = NearDuplicates()
    assert seen.first_seen("first", first) is None
    assert seen.first_seen("second", second) == ("first" if copy else None)


def test_every_copy_names_the_first_appearance():
    seen = NearDuplicates()
    texts = [STORY, SAME_EVENT, STORY + "Copy one.", STORY + "Copy two.", SAME_EVENT]
    found = [seen.first_seen(str(i), text) for i, text in enumerate(texts)]
    assert found == [None, None, "0", "0", "1"]


def test_a_name_that_is_no_unicode_comes_back_as_it_was():
    seen = NearDuplicates()
    assert seen.first_seen("caf\udce9.txt", STORY) is None
    assert seen.first_seen("same", STORY) == "caf\udce9.txt"
    assert seen.first_seen("nearly", STORY + "Copy.") == "caf\udce9.txt"


def test_a_temporary_folder_without_room_is_named():
    seen = NearDuplicates()
    seen._seen.execute("PRAGMA max_page_count = 3")
    others = (seen.first_seen(str(i), f" word{i}" * 90) for i in range(50))
    with pytest.raises(OSError, match="temporary folder"):
        list(others)


WORDS = st.lists(st.sampled_from(list("abcdef12")), max_size=30)


@settings(max_examples=30)
@given(st.lists(WORDS, max_size=6))
def test_a_text_seen_before_is_always_found_and_only_firsts_are_named(texts):
    seen = NearDuplicates()
    firsts = set()
    for i, words in enumerate(texts):
        if (first := seen.first_seen(str(i), " ".join(words))) is None:
            firsts.add(str(i))
        else:
            assert first in firsts
    for words in filter(None, texts):
        assert seen.first_seen("again", " ".join(words)) in firsts


def test_what_is_remembered_does_not_grow_with_the_length_of_an_article():
    def kept(words):
        seen = NearDuplicates()
        tracemalloc.start()
        for i in range(20):
            seen.first_seen(
                str(i),
                " ".join("abcdefghijklmnopqrst"[i] + "x" * j for j in range(words)),
            )
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size

    assert kept(300) < 1.5 * kept(30)

"""Bytes in, text out: encodings, mojibake, control characters, and what is no text."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UnreadableInput
from annotator.ingest.decode import decode, repair

STORY = "The minister said “no” to São Tomé’s offer – twice.\nNobody else spoke."
ARABIC = "قال الوزير إن القوات انسحبت من المدينة.\nولم يعلق أحد على ذلك حتى الآن.\n" * 4
RUSSIAN = "Министр заявил, что войска покинули город.\nДругих сообщений не было.\n" * 4
POLISH = "Minister powiedział, że żołnierze opuścili miasto późną nocą.\n" * 6

ENCODED = [
    (STORY, "utf-8", "utf-8"),
    (STORY, "utf-8-sig", "utf-8"),
    (STORY, "utf-16", "utf-16-le"),
    (STORY, "utf-16-le", "utf-16-le"),
    (STORY, "utf-16-be", "utf-16-be"),
    (STORY, "utf-32", "utf-32-le"),
    (ARABIC, "utf-16-le", "utf-16-le"),
    (STORY, "cp1252", "windows-1252"),
    (ARABIC, "cp1256", "windows-1256"),
    (RUSSIAN, "cp1251", "windows-1251"),
    (POLISH, "cp1250", "windows-1250"),
]


@pytest.mark.parametrize(("text", "written_as", "told"), ENCODED)
def test_text_comes_back_from_its_encoding(text, written_as, told):
    decoded = decode(text.encode(written_as))
    assert (decoded.text, decoded.encoding) == (text, told)


def test_a_few_bad_bytes_in_utf8_are_replaced_and_counted():
    data = (STORY * 3).encode() + b" Then \xff\xfe came."
    decoded = decode(data)
    assert decoded.text == STORY * 3 + " Then \ufffd\ufffd came."
    assert decoded.notes == ("2 bytes that are not UTF-8 replaced by U+FFFD",)


def test_a_character_cut_off_at_the_end_spoils_nothing_else():
    decoded = decode((STORY + "”").encode()[:-1])
    assert decoded.text.startswith(STORY)
    assert decoded.encoding == "utf-8"


def test_a_declared_encoding_is_believed_where_the_bytes_are_not_utf8():
    text = "Příliš žluťoučký kůň"
    assert decode(text.encode("iso-8859-2"), declared="iso-8859-2").text == text
    assert decode(text.encode(), declared="iso-8859-2").text == text
    assert decode(STORY.encode("cp1252"), declared="no-such-encoding").text == STORY


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"PK\x03\x04 and so on", "zip"),
        (b"\x1f\x8b\x08\x00 and so on", "gzip"),
        (bytes(range(256)) * 40, "binary content"),
        (b"\x00" * 500, "binary content"),
    ],
)
def test_binary_content_is_refused_with_what_it_looks_like(data, reason):
    with pytest.raises(UnreadableInput, match=reason):
        decode(data)


REPAIRS = [
    # as decoded, as read, mended pieces of the one and the other
    ("It’s fine.", "It’s fine.", []),
    ("The deal “holds”.", "The deal “holds”.", []),
    ("Itâ€™s over.", "It’s over.", [("â€™", "’")]),
    ("Fine.\nThe cafÃ© shut.\nFine.", "Fine.\nThe café shut.\nFine.", [("Ã©", "é")]),
    ("a\x00b\x07c", "abc", []),
    ("one\r\ntwo\rthree\n", "one \ntwo\nthree\n", []),
    ("page one\fpage two", "page one page two", []),
    ("mid\ufeffdle", "middle", []),
    ("half \ud83d a pair", "half \ufffd a pair", []),
    ("😀 \U0001f1f8\U0001f1fe fine", "😀 \U0001f1f8\U0001f1fe fine", []),
]


@pytest.mark.parametrize(("decoded", "read", "mended"), REPAIRS)
def test_repair_changes_only_what_is_broken(decoded, read, mended):
    repaired = repair(decoded)
    assert repaired.text == read
    pieces = [
        (decoded[p.source_start : p.source_end], repaired.text[p.start : p.end])
        for p in repaired.pieces
        if p.end - p.start != p.source_end - p.source_start
    ]
    assert pieces == mended


def test_repairs_are_noted():
    notes = repair("Itâ€™s over.\nItâ€™s o\x00ver.\nbye\x00").notes
    assert notes == ("mojibake repaired in 2 lines", "1 control characters removed")


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("aé’â€™Ã©\x00\x1f\x85\x92\r\n\f\v\ufeff\u2028😀 ."),
        st.characters(),
    )
)


@given(HOSTILE)
def test_pieces_tile_the_repaired_text_and_point_at_the_decoded(text):
    repaired = repair(text)
    assert "".join(repaired.text[p.start : p.end] for p in repaired.pieces) == (
        repaired.text
    )
    ends = [0, *(p.source_end for p in repaired.pieces)]
    for piece, before in zip(repaired.pieces, ends, strict=False):
        assert before <= piece.source_start <= piece.source_end <= len(text)
        here = repaired.text[piece.start : piece.end]
        there = text[piece.source_start : piece.source_end]
        if len(here) == len(there):
            for a, b in zip(here, there, strict=True):
                control_read_as_windows_1252 = "\x80" <= b <= "\x9f"
                even = b in "\r\f\v" or "\ud800" <= b <= "\udfff"
                assert a == b or even or control_read_as_windows_1252


@given(HOSTILE)
def test_repaired_text_can_be_stored_and_keeps_its_lines(text):
    repaired = repair(text).text
    assert repaired.encode().decode() == repaired
    assert not set(repaired) & set(map(chr, [*range(9), *range(11, 32), 127]))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert repaired.count("\n") == lines


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data):
    with contextlib.suppress(UnreadableInput):
        assert isinstance(decode(data).text, str)

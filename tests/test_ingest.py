"""Files in, articles out: every format, every line accounted for, every bad input."""

import contextlib
import csv
import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from annotator.errors import UnreadableInput
from annotator.ingest import Options, fingerprints, read
from annotator.ingest.reading import READERS
from annotator.ingest.tables import read_csv
from annotator.records import Article, DroppedLine, Failure

PAGES = Path(__file__).parent / "pages"
NAMES = [path.stem for path in sorted(PAGES.glob("*.html"))]

FIRST = "The harbour board met on Monday and voted to close the eastern quay."
SECOND = "Its chairman said that the decision would be reviewed in the autumn."
THIRD = "The ferry will go on running from the western quay until then."
STORY = f"{FIRST}\n\n{SECOND}\n"
PARAGRAPH = f"<p>{FIRST} {SECOND}</p>\n"


def _read(*paths, stdin=None, **options):
    """Return (articles, dropped lines, failures)."""
    items = list(read(paths, Options(**options), stdin))
    return tuple(
        [item for item in items if isinstance(item, kind)]
        for kind in (Article, DroppedLine, Failure)
    )


def _write(path, content):
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)
    return path


def _failure(path, **options):
    """Return the reason why nothing at all was read."""
    articles, _, failures = _read(path, **options)
    assert (articles, len(failures)) == ([], 1)
    assert (failures[0].path, failures[0].stage) == (path.as_posix(), "ingest")
    assert "\n" not in failures[0].reason
    return failures[0].reason


def _paragraphs(article):
    return article.text.split("\n\n")


def _headings(article):
    return [article.text[h.start : h.end] for h in article.headings]


# Pages


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".html", ".txt"])
def test_a_page_gives_the_same_paragraphs_from_markup_and_from_text(name, suffix):
    expected = (PAGES / f"{name}.expected.txt").read_text().split("\n")
    expected = [" ".join(line.split()) for line in expected if line.strip()]
    (article,), _, failures = _read(PAGES / f"{name}{suffix}")
    marked = _headings(article)
    got = [f"## {p}" if p in marked else p for p in _paragraphs(article)]
    assert (got, failures) == (expected, [])


def test_html_gives_what_the_page_says_of_itself():
    (article,), _, _ = _read(PAGES / "harbour.html")
    assert article.outlet == "The Norwick Courier"
    assert article.title == "Harbour strike enters second week as talks stall"
    assert article.author == "Helen Marsh"
    assert article.published == "2023-03-14"
    assert article.url == "https://courier.example/news/harbour-strike-second-week"
    assert article.language is None
    assert article.passages == ()


@pytest.mark.parametrize(
    ("head", "topic"),
    [
        (
            '<meta property="article:section" content="Ports  and\nsea">',
            "Ports and sea",
        ),
        (
            '<script type="application/ld+json">{"@context": "https://schema.org", '
            '"@type": "NewsArticle", "articleSection": ["Ports", "Local"]}</script>',
            "Ports",
        ),
        (
            '<script type="application/ld+json">{"@context": "https://schema.org", '
            '"@type": "NewsArticle", "articleSection": [{"deep": ["Ports"]}]}</script>',
            None,
        ),
        ("", None),
    ],
)
def test_html_names_the_section_it_stands_in(tmp_path, head, topic):
    page = f"<html><head>{head}</head><body>{PARAGRAPH}<p>{THIRD}</p></body></html>"
    (article,), _, _ = _read(_write(tmp_path / "a.html", page))
    assert article.topic == topic


@pytest.mark.parametrize(
    ("record", "topic"),
    [
        ({"topic": "ports", "section": "News"}, "ports"),
        ({"topic": " ", "Section": "News"}, "News"),
        ({"category": {"name": "Ports"}}, "Ports"),
        ({"articleSection": ["Ports", "Sea"]}, "Ports, Sea"),
        ({"type": "ports"}, None),
    ],
)
def test_the_topic_of_a_record_is_what_it_states(tmp_path, record, topic):
    record = json.dumps({"text": STORY} | record)
    (article,), _, _ = _read(_write(tmp_path / "a.json", record))
    assert article.topic == topic


def test_the_topic_in_a_manifest_holds_for_all_articles_of_a_file(tmp_path):
    record = json.dumps({"text": STORY, "topic": "stated by the record"})
    _write(tmp_path / "a.jsonl", f"{record}\n{record}\n")
    manifest = _write(tmp_path / "manifest.csv", "path,topic\na.jsonl,ports\n")
    articles, _, _ = _read(tmp_path / "a.jsonl", manifest=manifest)
    assert [article.topic for article in articles] == ["ports", "ports"]


def test_html_in_the_encoding_it_declares(tmp_path):
    page = f'<html><head><meta charset="windows-1251"></head><body>{PARAGRAPH}'
    page += "<p>Министр заявил, что порт закрыт.</p></body></html>"
    (article,), _, _ = _read(_write(tmp_path / "a.html", page.encode("cp1251")))
    assert _paragraphs(article)[1] == "Министр заявил, что порт закрыт."


def test_html_called_txt_is_read_as_html(tmp_path):
    page = f"<!DOCTYPE html><html><body>{PARAGRAPH}<p>{THIRD}</p></body></html>"
    (article,), _, _ = _read(_write(tmp_path / "a.txt", page))
    assert _paragraphs(article) == [f"{FIRST} {SECOND}", THIRD]
    assert article.notes == ("read as HTML, whatever its name says",)


# Plain text: where words stand in the file


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_passages_point_into_the_decoded_file(tmp_path, line_end, encoding):
    text = f"😀 {FIRST}\n\n{SECOND}\n".replace("\n", line_end)
    (article,), _, _ = _read(_write(tmp_path / "a.txt", text.encode(encoding)))
    assert article.text == f"😀 {FIRST}\n\n{SECOND}"
    for passage in article.passages:
        there = text[passage.source_start : passage.source_end]
        assert article.text[passage.start : passage.end] == there


def test_a_repaired_stretch_points_at_the_whole_of_what_it_was(tmp_path):
    text = "The board said itâ€™s fi\0nal and would not be moved on Monday.\n\n" + STORY
    (article,), _, _ = _read(_write(tmp_path / "a.txt", text))
    assert article.text.startswith("The board said it’s final and would")
    spans = [(p.source_start, p.source_end) for p in article.passages[:3]]
    assert [text[a:b] for a, b in spans] == [
        "The board said it",
        "â€™s fi\0",
        "nal",
    ] or (text[spans[1][0] : spans[1][1]].startswith("â€™"))
    assert article.notes == ("mojibake repaired in 1 lines",)


LINES = st.lists(
    st.sampled_from(
        [
            FIRST,
            SECOND,
            "",
            "Share",
            "It’s 5 p.m. itâ€™s",
            "nul\0 and more was said.",
            "😀",
        ]
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_line_is_in_an_article_or_dropped_and_every_span_holds(lines, line_end):
    text = line_end.join(lines)
    articles, dropped, _ = _read("-", stdin=io.BytesIO(text.encode()))
    covered = set()
    for article in articles:
        assert "\r" not in article.text
        for span in article.headings:
            assert 0 <= span.start < span.end <= len(article.text)
        at = 0
        for p in article.passages:
            assert at <= p.start < p.end <= len(article.text)
            at = p.end
            covered.update(range(p.source_start, p.source_end))
    for line in dropped:
        assert text[line.start : line.end] == line.text
        covered.update(range(line.start, line.end))
    left = {c for i, c in enumerate(text) if i not in covered}
    assert left <= set(" \r\n\0")


def test_dropped_lines_are_told_with_number_reason_and_article():
    (article,), dropped, _ = _read(PAGES / "harbour.txt")
    text = (PAGES / "harbour.txt").read_text()
    lines = text.split("\n")
    assert dropped
    for line in dropped:
        assert line.text == text[line.start : line.end]
        assert line.text in lines[line.line - 1]
        assert line.reason
        assert line.article_id in (article.article_id, None)


# Documents


def test_markdown_keeps_words_and_headings(tmp_path):
    text = (
        "---\ntitle: Quay shut\nauthor: Ann Lee\ndate: 2020-05-21\nsource: BBC\n---\n\n"
        f"# Quay shut\n\n{FIRST} It was [*not*](https://x.example) `easy`.\n\n"
        f"## What next\n\n> {SECOND}\n\n- One thing\n  more\n- Two\n\n"
        "![a quay](quay.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n    code()\n"
    )
    (article,), _, _ = _read(_write(tmp_path / "a.md", text))
    assert _paragraphs(article) == [
        f"{FIRST} It was not easy.",
        "What next",
        SECOND,
        "One thing more",
        "Two",
    ]
    assert _headings(article) == ["What next"]
    assert (article.title, article.author) == ("Quay shut", "Ann Lee")
    assert (article.published, article.outlet) == ("2020-05-21", "BBC")


def test_word_documents(tmp_path):
    document = docx.Document()
    document.add_heading("Quay shut", 0)
    document.add_paragraph(FIRST)
    document.add_heading("What next", 2)
    document.add_paragraph(SECOND)
    document.add_table(1, 1).cell(0, 0).text = "a table"
    document.save(tmp_path / "a.docx")
    (article,), dropped, _ = _read(tmp_path / "a.docx")
    assert _paragraphs(article) == [FIRST, "What next", SECOND]
    assert (article.title, _headings(article)) == ("Quay shut", ["What next"])
    assert [(line.text, line.reason) for line in dropped] == [
        ("Quay shut", "repeated title")
    ]


def _pdf(path, lines):
    """Write a PDF page of (distance from the line above, text)."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(612, 792)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    drawn = "".join(f"0 -{down} Td ({text}) Tj " for down, text in lines)
    stream = StreamObject()
    stream.set_data(f"BT /F1 11 Tf 72 720 Td {drawn} ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)
    return path


def test_pdf_gives_paragraphs_with_hyphens_at_line_ends_undone(tmp_path):
    lines = [
        (0, "The harbour board met on Monday and voted to close the east-"),
        (14, "ern quay. A US-led firm had bid for it, and another US-"),
        (14, "led firm may bid again."),
        (14, "Its chairman spoke of a review in the autumn, after the"),
        (14, "election. He named no day."),
        (22, "The ferry will go on running from the western quay, but"),
        (14, "less often than before"),
    ]
    (article,), _, _ = _read(_pdf(tmp_path / "a.pdf", lines))
    assert _paragraphs(article) == [
        "The harbour board met on Monday and voted to close the eastern quay. "
        "A US-led firm had bid for it, and another US-led firm may bid again.",
        "Its chairman spoke of a review in the autumn, after the election. "
        "He named no day.",
        "The ferry will go on running from the western quay, but less often than "
        "before",
    ]


# Records


RECORD = {
    "id": 7,
    "headline": "Quay shut",
    "content": STORY,
    "source": {"id": "x", "name": "BBC News"},
    "authors": ["Ann Lee", "Bo Ek"],
    "pub_date": "May 21, 2020",
    "link": "https://x.example/1",
    "lang": "en-GB",
}


def _is_the_record(article):
    assert _paragraphs(article) == [FIRST, SECOND]
    assert (article.source_id, article.title) == ("7", "Quay shut")
    assert (article.outlet, article.author) == ("BBC", "Ann Lee, Bo Ek")
    assert (article.published, article.language) == ("2020-05-21", "en")
    assert article.url == "https://x.example/1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.json", json.dumps(RECORD)),
        ("list.json", json.dumps([RECORD])),
        ("around.json", json.dumps({"status": "ok", "articles": [RECORD]})),
        ("lines.json", f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}\n"),
        ("lines.jsonl", f"\ufeff{json.dumps(RECORD)}\n\n"),
        ("wide.jsonl", json.dumps(RECORD).encode("utf-16")),
        ("packed.jsonl.gz", gzip.compress(json.dumps(RECORD).encode())),
    ],
)
def test_json_records_go_by_many_names(tmp_path, name, content):
    articles, _, failures = _read(_write(tmp_path / name, content))
    assert failures == []
    _is_the_record(articles[0])


def test_parquet_records(tmp_path):
    table = pa.Table.from_pylist([RECORD, RECORD | {"id": 8, "content": None}])
    pq.write_table(table, tmp_path / "a.parquet")
    (article,), _, (failure,) = _read(tmp_path / "a.parquet")
    _is_the_record(article)
    assert failure.reason == "row 2: the text is empty"


def test_babe_csv(tmp_path):
    text = (
        "\ufefftext;news_link;outlet;topic;type;label_bias;label_opinion;biased_words\n"
        '"The quay; they say ""shut"".";https://x.example/1;Alternet;ports;left;'
        "Biased;Expresses writer’s opinion;['shut']\n"
        "Nobody spoke.;;Breitbart;ports;right;Non-biased;Entirely factual;[]\n"
    )
    (one, two), _, failures = _read(_write(tmp_path / "babe.csv", text))
    assert (one.text, one.outlet) == ('The quay; they say "shut".', "Alternet")
    assert (one.url, one.topic) == ("https://x.example/1", "ports")
    assert (two.text, two.outlet, failures) == ("Nobody spoke.", "Breitbart", [])


def test_checkthat_tsv_is_read_without_quoting(tmp_path):
    text = (
        "sentence_id\tsentence\tlabel\tsolved_conflict\n"
        'a1\t"No, he said, and "left.\tSUBJ\tTrue\n'
        'a2\t"Yes," he said. "No."\tOBJ\tFalse\n'
        'a3\t"He said ""no"" twice."\tOBJ\tFalse\n'
    )
    articles, _, failures = _read(_write(tmp_path / "train_en.tsv", text))
    assert [(a.source_id, a.text) for a in articles] == [
        ("a1", '"No, he said, and "left.'),
        ("a2", '"Yes," he said. "No."'),
        ("a3", 'He said "no" twice.'),
    ]
    assert failures == []


def test_media_bias_detector_csv(tmp_path):
    text = (
        "sentence_id,article_id,publisher,sentence_text,gpt_tone\n"
        's1,a1,apnews,"The quay, they say, is shut.",neutral\n'
    )
    (article,), _, _ = _read(_write(tmp_path / "sentences.csv", text))
    assert (article.source_id, article.outlet) == ("s1", "Associated Press")
    assert article.text == "The quay, they say, is shut."


def test_a_field_longer_than_csvs_own_limit(tmp_path):
    text = "word " * 60_000
    path = _write(tmp_path / "a.csv", f"id,text\n1,{text}\n")
    (article,), _, _ = _read(path)
    assert article.text == text.strip()


def test_a_quotation_mark_never_closed_costs_one_row_only(tmp_path):
    text = 'id,text\n1,First.\n2,"Second.\n3,Third.\n4,"Fourth, too."\n5,Fifth.\n'
    articles, _, (failure,) = _read(_write(tmp_path / "a.csv", text))
    assert [a.text for a in articles] == ["First.", "Third.", "Fourth, too.", "Fifth."]
    assert failure.reason == "line 3: a quotation mark is not closed"


def test_stray_quotation_marks_within_a_line_are_forgiven(tmp_path):
    text = 'id,text\n1,"He said "no" twice."\n2,He said "no".\n'
    articles, _, failures = _read(_write(tmp_path / "a.csv", text))
    assert [a.text for a in articles] == ['He said no" twice."', 'He said "no".']
    assert failures == []


def test_a_row_with_too_many_fields_is_reported_by_its_line(tmp_path):
    text = "id,text\n1,Shut, they say.\n2,Nobody spoke.\n"
    (article,), _, (failure,) = _read(_write(tmp_path / "a.csv", text))
    assert article.text == "Nobody spoke."
    assert failure.reason.startswith("line 2: 3 fields, expected 2")


def test_a_csv_without_a_text_column_says_which_columns_there_are(tmp_path):
    path = _write(tmp_path / "a.csv", "path,outlet,label\na.txt,BBC,x\n")
    reason = _failure(path)
    assert "no text column: expected one of text, body, content" in reason
    assert "the columns are: path, outlet, label; if it is a manifest" in reason


def test_a_bad_line_of_jsonl_is_reported_by_number_and_the_rest_is_read(tmp_path):
    bad = ["{broken", "[1]", '{"title": "x"}', '{"text": ""}', "[" * 100_000]
    lines = ['{"text": "The first."}', *bad, '{"text": "The \\ud83d last."}']
    path = _write(tmp_path / "a.jsonl", "\n".join(lines).encode() + b"\n\xff\xfe\x81")
    articles, _, failures = _read(path)
    assert [a.text for a in articles] == ["The first.", "The \ufffd last."]
    assert [f.reason.partition(":")[0] for f in failures] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
        "line 8",
    ]
    assert "the fields are: title" in failures[2].reason


# Finding files


def test_a_folder_is_walked_in_order_and_what_is_no_article_is_passed_over(tmp_path):
    for name in ["b.txt", "a/z.txt", "a/a.txt.gz", "c.TXT"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        data = STORY.encode()
        _write(path, gzip.compress(data) if name.endswith("gz") else data)
    passed_over = [".hidden.txt", "README.md", "LICENSE.txt", "x.png", "style.css"]
    for name in [*passed_over, "results/run.json", "results/articles.parquet"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        _write(tmp_path / name, "not an article")
    manifest = _write(tmp_path / "manifest.csv", "path,outlet\nb.txt,BBC\n")
    articles, _, failures = _read(tmp_path, manifest=manifest)
    found = [Path(a.source_path).relative_to(tmp_path).as_posix() for a in articles]
    assert found == ["b.txt", "c.TXT", "a/a.txt.gz", "a/z.txt"]
    assert failures == []
    assert len([*fingerprints([tmp_path], Options(manifest=manifest))]) == 4


def test_a_file_reached_twice_is_read_once(tmp_path):
    path = _write(tmp_path / "a.txt", STORY)
    articles, _, failures = _read(tmp_path, path, tmp_path)
    assert (len(articles), failures) == (1, [])


def test_ids_are_stable_and_tell_records_apart(tmp_path):
    path = _write(tmp_path / "a.jsonl", '{"text": "Same."}\n{"text": "Same."}\n')
    first = [a.article_id for a in _read(path)[0]]
    assert first == [a.article_id for a in _read(path)[0]]
    assert len(set(first)) == 2


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        f"<html><body><article>{PARAGRAPH}{PARAGRAPH}</article></body></html>".encode(),
        json.dumps({"text": STORY}).encode(),
        f"{json.dumps({'text': STORY})}\n{json.dumps({'text': STORY})}".encode(),
    ],
)
def test_standard_input_is_told_by_its_content(data):
    articles, _, failures = _read("-", stdin=io.BytesIO(data))
    assert articles[0].source_path == "-"
    assert FIRST in articles[0].text
    assert failures == []


def test_a_file_name_that_is_not_utf8_can_be_stored(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    (article,), _, _ = _read(_write(path, STORY))
    assert article.source_path.encode().decode().endswith("caf\ufffd.txt")


# Bad input: one failure each, and the rest is read


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b" \r\n\n", "the file is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(99), "got a PNG picture"),
        ("noise.txt", bytes(range(256)) * 99, "got binary content"),
        ("noise.csv", bytes(range(256)) * 99, "got binary content"),
        ("noise.html", bytes(range(256)) * 99, "got binary content"),
        ("furniture.txt", "Share\nTweet\nSubscribe\n" * 3, "no article text found"),
        ("code.md", "    no = words()\n", "no article text found"),
        ("notes.xyz", STORY, "unknown format .xyz: expected one of .csv"),
        ("notes", STORY, "unknown format (no suffix)"),
        ("bad.json", "{", "not valid JSON"),
        ("deep.json", "[" * 100_000, "not valid JSON: nested too deeply"),
        ("empty.csv", "\n", "the file is empty"),
        ("bad.parquet", b"PAR1 no table", "not a readable Parquet table"),
        ("bad.docx", b"PK\x03\x04 no archive", "not a readable .docx"),
        ("bad.pdf", b"%PDF-1.4 no page", "not a readable PDF file"),
        ("bad.txt.gz", b"\x1f\x8b\x08 no gzip", "gzip data"),
        ("cut.txt.gz", gzip.compress(os.urandom(999))[:-400], "broken gzip data"),
        ("not.txt.gz", STORY, "cannot be read: Not a gzipped file"),
        ("empty.html", "<html></html>", "no article text found"),
    ],
)
def test_what_is_no_article_is_one_failure(tmp_path, name, content, reason):
    assert reason in _failure(_write(tmp_path / name, content))


def test_a_bad_file_stops_nothing(tmp_path):
    _write(tmp_path / "a.txt", STORY)
    _write(tmp_path / "b.txt", b"")
    _write(tmp_path / "c.txt", STORY)
    articles, _, failures = _read(tmp_path)
    assert (len(articles), len(failures)) == (2, 1)


def test_broken_utf8_is_read_with_a_note(tmp_path):
    data = (STORY + "It’s “on”.\n").encode() + b"\nThe quay \xff\xfe closed early.\n"
    (article,), _, failures = _read(_write(tmp_path / "a.txt", data))
    assert "The quay \ufffd\ufffd closed early." in article.text
    assert article.notes == ("2 bytes that are not UTF-8 replaced by U+FFFD",)
    assert failures == []


def test_a_single_line_of_fifty_megabytes_is_refused(tmp_path):
    path = _write(tmp_path / "a.txt", b"a story " * 6_250_000)
    assert "a line of 50,000,000 characters" in _failure(path)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_record_without_end_is_refused_and_the_rest_is_read(tmp_path, name):
    short = '{"text": "Shut."}' if name == "a.jsonl" else "Shut."
    head = "" if name == "a.jsonl" else "text\n"
    path = _write(tmp_path / name, f"{head}{'a ' * 50_000}\n{short}\n")
    (article,), _, (failure,) = _read(path, max_chars=10_000)
    assert article.text == "Shut."
    assert failure.reason.startswith(f"line {1 + bool(head)}: longer than 10,000")


HTML_BOMBS = {
    "deep": ("<html><body>" + "<div>" * 100_000 + PARAGRAPH, "inside one another"),
    "wide": ("<html><body>" + "<i>a</i>" * 100_000 + PARAGRAPH, "30,000 elements"),
    "attributes": (
        "<html><body><p " + " ".join(f"a{i}=1" for i in range(100_000)) + PARAGRAPH,
        "attributes in one tag",
    ),
    "large": ("<html><body>" + "a " * 10_500_000, "characters of HTML"),
}


@pytest.mark.parametrize("bomb", HTML_BOMBS)
def test_an_html_bomb_is_refused_before_it_is_parsed(tmp_path, bomb):
    page, reason = HTML_BOMBS[bomb]
    assert reason in _failure(_write(tmp_path / "a.html", page))


def test_entities_do_not_expand(tmp_path):
    entities = '<!ENTITY a0 "boom">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)
    )
    page = f"<!DOCTYPE html [{entities}]><html><body>{PARAGRAPH}<p>{SECOND} &a11;</p>"
    (article,), _, _ = _read(_write(tmp_path / "a.html", page))
    assert len(article.text) < 1_000
    word = tmp_path / "a.docx"
    docx.Document().save(word)
    with zipfile.ZipFile(word) as old:
        members = {name: old.read(name) for name in old.namelist()}
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    members["word/document.xml"] = (
        f"<?xml version='1.0'?><!DOCTYPE d [{entities}]><w:document xmlns:w='{space}'>"
        f"<w:body><w:p><w:r><w:t>{FIRST} &a11;</w:t></w:r></w:p></w:body></w:document>"
    ).encode()
    with zipfile.ZipFile(word, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)
    articles, _, failures = _read(word)
    assert len(articles) + len(failures) == 1
    assert all(len(a.text) < 1_000 for a in articles)


def test_a_gzip_bomb_is_refused_while_it_unpacks(tmp_path):
    path = _write(tmp_path / "a.txt.gz", gzip.compress(b"a\n" * 3_000_000))
    assert "expands to more than 1,000,000 bytes" in _failure(path, max_bytes=1_000_000)


def test_a_zip_bomb_is_refused_by_what_it_says_it_holds(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 3_000_000)
    reason = _failure(tmp_path / "a.docx", max_bytes=1_000_000)
    assert reason == "expands to 3,000,000 bytes: expected at most 1,000,000"


def test_a_file_without_leave_to_read_is_a_failure(tmp_path, monkeypatch):
    path = _write(tmp_path / "a.txt", STORY)
    opener = Path.open

    def refuse(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return opener(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    reason = _failure(path)
    assert reason == "cannot be read: Permission denied; check the file and its rights"


@pytest.mark.parametrize("name", ["gone.txt", "loop.txt"])
def test_a_path_that_leads_nowhere_is_a_failure(tmp_path, name):
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert "cannot be opened" in _failure(tmp_path / name)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert "neither a file nor a folder" in _failure(tmp_path / "a.txt")


def test_a_loop_of_folders_is_entered_once_and_reported(tmp_path):
    (tmp_path / "a").mkdir()
    _write(tmp_path / "a" / "z.txt", STORY)
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "0").symlink_to(tmp_path / "a")
    (article,), _, failures = _read(tmp_path)
    assert article.source_path == (tmp_path / "a" / "z.txt").as_posix()
    assert [f.path for f in failures] == [
        (tmp_path / "0").as_posix(),
        (tmp_path / "a" / "back").as_posix(),
    ]
    assert {f.reason for f in failures} == {
        "a link to a folder that is read already: not entered again"
    }


def test_standard_input_that_is_not_there_is_a_failure():
    assert "standard input" in _failure(Path("-"))


CSV_TEXT = st.text(st.sampled_from('a",;\t\n|\0é'), max_size=12)


@given(st.lists(CSV_TEXT, max_size=6))
def test_what_the_csv_module_writes_comes_back(texts):
    file = io.StringIO(newline="")
    csv.writer(file).writerows(
        [["id", "text"], *([i, f"x{t}x"] for i, t in enumerate(texts))]
    )
    rows = list(read_csv(io.BytesIO(file.getvalue().encode()), Options()))
    got = [row.text for row in rows]
    assert got == [f"x{t}x".replace("\0", "") for t in texts]


@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".jsonl", ".json"]))
def test_any_bytes_are_records_or_failures(data, suffix):
    with contextlib.suppress(UnreadableInput):
        for item in READERS[suffix](io.BytesIO(data), Options()):
            assert isinstance(item, UnreadableInput) or item.text.encode()

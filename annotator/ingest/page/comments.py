"""The paragraphs of one story -> where reader comments begin.

Where a heading says so ("6 Comments"), they begin there, unless what follows reads
like the article going on. Where nothing says so, each paragraph is weighed as
evidence for comment or article, and comments begin at the line (a name over a text)
from which the evidence adds up highest: a change point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from annotator.ingest.page.furniture import ends_as_sentence
from annotator.ingest.page.paragraphs import Paragraph

HEADING: Final = 6.0
"""Evidence a comment heading brings, in paragraphs of plain prose it outweighs: a
"Leave a comment" button in the middle of a long article does not end it."""

ENOUGH: Final = 3.0
"""Evidence from which unannounced comments are believed. Raise it where a body is
lost, and run `pytest tests/test_page.py`."""

_RAW: Final = re.compile(
    r"\b(?:lol|lmao|ha(?:ha)+|omg|wtf|imh?o|btw|dude|idiots?|bullshit|fuck\w*|gonna"
    r"|wanna|dont|cant|doesnt|isnt|youre|didnt|pls|thx|ur)\b"
    r"|[:;]-?[)D(](?!\w)|<3|!!|\?\?|\?!|[a-z],[a-z]|\?[a-z]|\bi\b(?!\.)",
)
_PERSONAL: Final = re.compile(
    r"\b(?:I|I['’](?:m|d|ve|ll)|[Mm]y|[Yy]ou|[Yy]our|[Yy]ou['’]re)\b"
    r"|^(?:Yes|No|Well|Oh|Agreed?|Exactly|Thanks|Thank|Great|Shame|Right|Sure)\b|…$"
)
_QUOTED: Final = re.compile(r"[\"“”„«]")


def comments_begin(paragraphs: Sequence[Paragraph]) -> int:
    """Give the index of the first paragraph of reader comments, or the length.

    Looks only after the story's first two paragraphs of prose.
    """
    prose = [i for i, p in enumerate(paragraphs) if _is_text(p)]
    if not prose:
        return len(paragraphs)
    weights = _weights(paragraphs)
    from_here = [0.0] * (len(paragraphs) + 1)
    for i in range(len(paragraphs) - 1, -1, -1):
        from_here[i] = from_here[i + 1] + weights[i]
    for i in range(prose[0] + 1, len(paragraphs)):
        if _opens_comments(paragraphs[i]) and from_here[i] + HEADING > 0:
            end = i
            break
    else:
        end = len(paragraphs)
    body = prose[1] if len(prose) > 1 else prose[0]
    return _unannounced(paragraphs[:end], from_here, body + 1)


def _unannounced(
    paragraphs: Sequence[Paragraph], from_here: Sequence[float], first: int
) -> int:
    end = len(paragraphs)
    starts = [i for i in range(first, end) if _signs(paragraphs, i)]
    if not starts:
        return end
    best = max(starts, key=lambda i: (from_here[i] - from_here[end], -i))
    raw = sum(_is_raw(p) for p in paragraphs[best:])
    signed = sum(i >= best for i in starts)
    enough = from_here[best] - from_here[end] >= ENOUGH
    believed = enough and raw >= 2 and signed >= 2
    return best if believed else end


def _weights(paragraphs: Sequence[Paragraph]) -> list[float]:
    """Weigh each paragraph: above 0 for comment, below 0 for article."""
    texts = [p for p in paragraphs if _is_text(p)]
    opening = texts[: max(3, len(texts) // 4)]
    personal = sum(_is_personal(p) for p in opening) * 4 > len(opening)
    weights = []
    for i, paragraph in enumerate(paragraphs):
        if _signs(paragraphs, i):
            weight = 1.0 if len(paragraph.sample.split()) > 1 else 0.0
        elif paragraph.fate:
            weight = 1.0 if paragraph.fate == "comment form" else 0.0
        elif not _is_text(paragraph):
            weight = 0.0
        elif _is_raw(paragraph):
            weight = 2.0
        elif paragraph.bullet or paragraph.look.kind == "label":
            weight = 0.0
        elif not personal and _is_personal(paragraph):
            weight = 1.0
        else:
            weight = -0.5 if paragraph.size < 150 else -1.0
        weights.append(weight)
    return weights


def _signs(paragraphs: Sequence[Paragraph], i: int) -> bool:
    """Tell a line that may stand over a comment: a name or handle with text below."""
    if paragraphs[i].look.kind == "signed":
        return True
    below = paragraphs[i + 1].look.kind if i + 1 < len(paragraphs) else "name"
    return (
        paragraphs[i].look.kind == "name"
        and not paragraphs[i].fate
        and below in ("sentence", "label", "speaker")
    )


def _opens_comments(paragraph: Paragraph) -> bool:
    return paragraph.look.kind == "opens" and paragraph.fate == "comment form"


def _is_text(paragraph: Paragraph) -> bool:
    return not paragraph.fate and paragraph.look.kind in (
        "sentence",
        "speaker",
        "label",
    )


def _is_raw(paragraph: Paragraph) -> bool:
    """Tell text no editor saw: slang, smileys, small first letters."""
    text = paragraph.sample
    if not _is_text(paragraph) or paragraph.bullet or _QUOTED.search(text):
        return False
    return bool(
        _RAW.search(text)
        or (text[0].islower() and len(text.split()) > 2 and not text.endswith(":"))
    )


def _is_personal(paragraph: Paragraph) -> bool:
    """Tell text that says I or you, answers somebody, or lacks its last stop."""
    text = paragraph.sample
    unstopped = paragraph.look.kind == "sentence" and not ends_as_sentence(text)
    personal = unstopped or bool(_PERSONAL.search(text))
    return personal and not _QUOTED.search(text)

"""Articles and their claims -> who stands behind each claim.

An article's own words come from its outlet, unless it prints a news agency or
another outlet, or is a copy; a claim that someone is said to make comes from that
speaker, in however many articles. Text is shared where two sentences of eight words
or more have most of their three-word shingles in common (Broder 1997, "On the
resemblance and containment of documents"), found by MinHash.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rensa import RMinHash, RMinHashLSH

from annotator.corroborate.claims import Claim
from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.words import name_key
from annotator.records import Article

_SHINGLE: Final = 3
_FEWEST_WORDS: Final = 8
_SHARED: Final = 0.6
"""Least resemblance of two sentences that are one text: one changed word in fifteen
leaves 0.62."""
_SIGNATURE: Final = 64
_BANDS: Final = 16
"""Of 4 values: a pair at 0.6 is compared with probability 0.89, one at 0.8 always."""
_COPY: Final = 0.5
"""Share of an article's claims that, printed elsewhere too, make it a copy."""
_FEWEST_COPIED: Final = 2
_HEAD: Final = 300
_TAIL: Final = 160
"""Code points of an article's start and end where agencies are credited."""

_WORDS: Final = re.compile(r"\w+")
_EDGES: Final = re.compile(
    r"^(?:the|al|el)\b[ '’-]*|\b(?:online|news|newspaper|agency|tv|television|channel"
    r"|english|website|staff|com|net|org|arabic|world|web)\b|^(?:al|el)(?=[a-z]{4})",
)
_IDENTIFIED: Final = frozenset(
    {
        "named_person",
        "government",
        "military",
        "armed_group",
        "intergovernmental",
        "ngo",
        "document",
        "expert_named",
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who stands behind one claim.

    Attributes
    ----------
    text
        The claim whose text this one repeats, itself where it repeats none.
    printed
        Keys of the outlets and agencies whose own words it may be.
    speaker
        Words that name who is said to say it; empty for an outlet's own words.
    article_id
        Where it stands: beside what a speaker is said to say of the same event, an
        article's own words are no second origin.
    words
        The origin, to be read.
    """

    text: str
    printed: frozenset[str]
    speaker: frozenset[str]
    article_id: str
    words: str

    def same(self, other: Origin) -> bool:
        """Whether one origin may stand behind both."""
        if self.text == other.text:
            return True
        if self.speaker and other.speaker:
            return _same_speaker(self.speaker, other.speaker)
        if self.speaker or other.speaker:
            return self.article_id == other.article_id
        return bool(self.printed & other.printed)


def origins(
    claims: Iterable[Claim],
    texts: Mapping[str, str],
    printed: Mapping[str, frozenset[str]],
    names: Mapping[str, str],
) -> dict[str, Origin]:
    """Give the origin of each claim, by sentence id.

    Parameters
    ----------
    texts
        Of `shared_texts`.
    printed
        Of `printers`.
    names
        Of `outlet_names`.
    """
    return {
        claim.sentence_id: _origin(
            claim, texts[claim.sentence_id], printed[claim.article_id], names
        )
        for claim in claims
    }


def outlet_names(articles: Iterable[Article]) -> dict[str, str]:
    """Give the names of the outlets and agencies that may be cited, by their keys."""
    own = {outlet_key(a.outlet): a.outlet for a in articles if a.outlet}
    return own | {key: names[0] for key, names in lexicon().wires.items()}


def printers(
    articles: Sequence[Article], claims: Iterable[Claim], texts: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Give the keys of those whose words each article prints, by article id.

    The agencies it is credited to, or else its outlet; of a copy, those of the
    article it copies.
    """
    printed = {article.article_id: _printed(article) for article in articles}
    for copy, first in _copies(articles, claims, texts).items():
        printed[copy] = printed[first]
    return printed


def own_words(article: Article) -> frozenset[str]:
    """Give the key an article prints under when it prints nobody else's words."""
    return frozenset({outlet_key(article.outlet) or article.article_id})


def named(printed: frozenset[str], names: Mapping[str, str]) -> str:
    """Give printers in words."""
    return " or ".join(sorted(names.get(key, "the article itself") for key in printed))


def groups(found: Iterable[Origin]) -> int:
    """Count the origins among claims: those that may be the same count once.

    >>> wire, own, none = frozenset({"afp"}), frozenset({"daily"}), frozenset()
    >>> groups([Origin("1", wire, none, "1", ""), Origin("2", own, none, "2", ""),
    ...         Origin("3", wire | own, none, "3", "")])
    1
    """
    parts: list[list[Origin]] = []
    for origin in dict.fromkeys(found):
        joined = [p for p in parts if any(origin.same(o) for o in p)]
        parts = [p for p in parts if p not in joined]
        parts.append([origin, *(o for p in joined for o in p)])
    return len(parts)


def outlet_key(name: str | None) -> str:
    """Give what the ways to write an outlet's name have in common.

    >>> outlet_key("Al-Manar TV"), outlet_key("manar"), outlet_key("The Daily Sabah")
    ('manar', 'manar', 'dailysabah')
    """
    whole = (name or "").casefold().strip()
    inner = "".join(_WORDS.findall(_EDGES.sub("", whole)))
    return inner or "".join(_WORDS.findall(whole))


def shared_texts(claims: Iterable[Claim]) -> dict[str, str]:
    """Give for each claim the first claim whose text it repeats, else itself."""
    index = RMinHashLSH(_SHARED, _SIGNATURE, _BANDS)
    signatures: list[RMinHash] = []
    firsts: list[str] = []
    exact: dict[tuple[str, ...], str] = {}
    found = {}
    for claim in claims:
        words = tuple(_WORDS.findall(claim.text.casefold()))
        found[claim.sentence_id] = claim.sentence_id
        if len(words) < _FEWEST_WORDS:
            continue
        if words in exact:
            found[claim.sentence_id] = exact[words]
            continue
        signature = RMinHash(_SIGNATURE, 0)
        signature.update(
            [" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - 2)]
        )
        alike = ((signature.jaccard(signatures[n]), -n) for n in index.query(signature))
        best = max(alike, default=(0.0, 0))
        if best[0] >= _SHARED:
            exact[words] = found[claim.sentence_id] = firsts[-best[1]]
            continue
        exact[words] = claim.sentence_id
        index.insert(len(firsts), signature)
        signatures.append(signature)
        firsts.append(claim.sentence_id)
    return found


def _copies(
    articles: Sequence[Article], claims: Iterable[Claim], texts: Mapping[str, str]
) -> dict[str, str]:
    """Give the articles that are copies, and which article they copy."""
    found: dict[str, str] = {}
    home = {claim.sentence_id: claim.article_id for claim in claims}
    repeated: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence, first in texts.items():
        repeated[home[sentence]][home[first]] += 1
    for article_id, where in repeated.items():
        total = where.total()
        del where[article_id]
        first, count = max(where.items(), key=lambda x: x[1], default=("", 0))
        if count >= max(_FEWEST_COPIED, _COPY * total):
            found[article_id] = found.get(first, first)
    known = {article.article_id for article in articles}
    for article in articles:
        if article.duplicate_of in known:
            first = article.duplicate_of
            found[article.article_id] = found.get(first, first)
    return found


def _printed(article: Article) -> frozenset[str]:
    """Give the agencies an article is credited to, else its outlet, else itself."""
    edges = (article.text[:_HEAD], article.text[-_TAIL:])
    credited = {
        key
        for key, names in lexicon().wires.items()
        if any(_credits(name, edges) or name == article.author for name in names)
    }
    if credited:
        return frozenset(credited)
    return own_words(article)


def _credits(name: str, edges: tuple[str, str]) -> bool:
    """Whether an agency's mark stands at an article's head or foot.

    At the head "(AFP)", "AFP -"; at the foot also "-AFP", "With AFP", "Source: AFP".
    """
    written = re.escape(name)
    head = rf"\([^()]{{0,30}}\b{written}\b[^()]{{0,30}}\)|\b{written}\s?[-–—:]\s"
    foot = (
        rf"\([^()]{{0,40}}\b{written}\b[^()]{{0,30}}\)|[-–—/.]\s?{written}\W*$"
        rf"|\b(?:Source|With|From|Agencies)\b[^.]{{0,30}}\b{written}\b\W*$"
    )
    insensitive = re.IGNORECASE if len(name) > 2 else 0
    return bool(
        re.search(head, edges[0], insensitive) or re.search(foot, edges[1], insensitive)
    )


def _origin(
    claim: Claim, text: str, printed: frozenset[str], names: Mapping[str, str]
) -> Origin:
    speaker, key = claim.speaker, _cited(claim.speaker, names)
    words: frozenset[str] = frozenset()
    told = named(printed, names)
    if speaker and (key in names or claim.speaker_kind == "media_outlet"):
        printed, told = frozenset({key}), names.get(key, speaker)
    elif speaker and claim.speaker_kind in _IDENTIFIED:
        words = speaker_words(speaker)
        told = speaker if words else told
    return Origin(text, printed, words, claim.article_id, told)


def _cited(speaker: str | None, names: Mapping[str, str]) -> str:
    """Give the key of the outlet a speaker is; of one's reporter, that outlet's."""
    words = _WORDS.findall(speaker or "")
    if lexicon().words["reporters"] & {w.casefold() for w in words}:
        keys = (outlet_key(w.removesuffix(s)) for w in words for s in ("", "s"))
        return next((key for key in keys if key in names), outlet_key(speaker))
    return outlet_key(speaker)


def speaker_words(speaker: str | None) -> frozenset[str]:
    """Give the keys of the words of a speaker's name, and of its initials."""
    common = lexicon().words["common_in_speakers"]
    words = [w for w in _WORDS.findall(speaker or "") if w.casefold() not in common]
    capital = [w for w in words if w[0].isupper()]
    initials = "".join(w[0] for w in capital).casefold()
    keys = {name_key(w) for w in capital or words}
    return frozenset(
        keys
        | ({f"={initials}"} if len(initials) > 2 else set())
        | {f"={w.casefold()}" for w in capital if w.isupper() and len(w) > 2}
    )


def _same_speaker(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the words of one name are all in the other, or its initials are."""
    if {w for w in one if w[0] == "="} & {w for w in other if w[0] == "="}:
        return True
    first, second = ({w for w in s if w[0] != "="} for s in (one, other))
    return first <= second or second <= first

"""An article's names -> whether it has each act, and speaks of it as a place.

The words right beside a name tell: "said Orlan", "captured by Orlan", "in Orlan".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from annotator.attribute.class_names import NOT_AFTER_VERB, PLACED, is_noun
from annotator.attribute.lexicon import BETWEEN, SPEECH, word_list
from annotator.attribute.mentions import Mention
from annotator.attribute.nouns import ROLE_MODIFIERS
from annotator.attribute.titles import ROLE_WORDS
from annotator.attribute.tokens import Token, touches
from annotator.states import fold, state_named

_SIDES: Final = word_list(
    """
    north south east west northern southern eastern western central northeast
    northwest southeast southwest northeastern northwestern southeastern
    southwestern rural downtown upper lower
    """
)
_PLACES: Final = word_list(
    """
    city town village province region countryside district suburb neighbourhood
    neighborhood governorate county area outskirts border coast airport capital
    residents resident mayor street road crossing camp state island valley river
    market bridge bazaar square
    """
)
_MEMBERS: Final = word_list(
    """
    leader leaders chief founder members member supporters fighters fighter
    militants commander commanders spokesman spokeswoman spokesperson ceo executives
    executive employees chairman chairwoman group movement militia lawmakers voters
    """
)
_DEALINGS: Final = word_list(
    """
    threat threats pressure message messages support aid help warning warnings
    response weapons arms funding backing according sanctions letter loyal close
    linked ties opposed hostile related belong belongs belonging attributed similar
    apology appeal demand demands money concessions answer friendly approval
    permission orders instructions criticism condemnation
    """
)
_NO_ACT: Final = word_list(
    """
    located based situated populated besieged called named is was has does witnessed
    suffered remained remains needed this its as across news always perhaps
    """
)
_IRREGULAR: Final = word_list(
    """
    took began held lost won made sent shot struck fought broke brought drove hit
    let overran seeks sought withdrew paid threw swore forbade beat
    """
)

_ACTED: Final = re.compile(r"[a-z]{2,}ed")
_LINKS: Final = PLACED | {"of", "from", "to", "for", "and"}


class Uses:
    """How an article uses its names.

    Parameters
    ----------
    text
        The article's.
    sentences
        The words of each sentence, in order.
    mentions
        All its names, in order of the text.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sequence[Token]],
        mentions: Sequence[Mention],
    ) -> None:
        self._text = text
        self._sentences = sentences
        self._at = {
            token.start: (i, j)
            for i, tokens in enumerate(sentences)
            for j, token in enumerate(tokens)
        }
        self._acts: Counter[str] = Counter()
        self._placed: Counter[str] = Counter()
        for mention in mentions:
            key = fold(mention.name)
            self._acts[key] += self.acts(mention)
            self._placed[key] += self.is_placed(mention)

    def sentence_of(self, mention: Mention) -> int:
        """The number of the sentence that a name stands in."""
        return self._at[mention.span.start][0]

    def is_actor(self, mention: Mention) -> bool:
        """Whether the article mostly has a name act, wherever it stands."""
        key = fold(mention.name)
        return self._acts[key] > 2 * self._placed[key]

    def is_place(self, mention: Mention) -> bool:
        """Whether the article speaks of a name as a place, and never has it act."""
        key = fold(mention.name)
        return self._placed[key] > self._acts[key]

    def is_possessive(self, mention: Mention) -> bool:
        """Whether "'s" stands behind a name, or a state has lost its apostrophe."""
        if self._text[mention.span.end : mention.span.end + 1] in {"'", "’"}:
            return True
        return mention.name.endswith("s") and state_named(mention.name[:-1]) is not None

    def before(self, mention: Mention) -> list[str]:
        """Up to three words before a name, the nearest first; none over a break."""
        number, at = self._at[mention.span.start]
        tokens = self._sentences[number]
        found: list[str] = []
        for i in range(at, max(at - 3, 0), -1):
            if not touches(self._text, tokens[i - 1], tokens[i]):
                break
            found.append(tokens[i - 1].lower)
        return found

    def behind(self, mention: Mention) -> list[str]:
        """Up to two words behind a name, adverbs left out; none over a break."""
        number, at = self._at[mention.span.start]
        tokens = self._sentences[number]
        end = at + len(mention.words)
        found: list[str] = []
        for i in range(end, min(end + 2, len(tokens))):
            if not touches(self._text, tokens[i - 1], tokens[i]):
                break
            found.append(tokens[i].text)
        while found and (found[0] in BETWEEN or found[0].endswith("ly")):
            found.pop(0)
        return found

    def acts(self, mention: Mention) -> bool:
        """Whether a name does something here, or has people who do."""
        before, behind = self.before(mention), self.behind(mention)
        if before and before[0] in _LINKS:
            return False
        word = behind[0] if behind else ""
        if word in _MEMBERS:
            return True
        if self.is_possessive(mention):
            return False
        third = word.endswith("s") and bool(set(behind[1:]) & NOT_AFTER_VERB)
        did = _ACTED.fullmatch(word) is not None and word not in _NO_ACT
        said = word in SPEECH or word in _IRREGULAR
        return said or did or third or "by" in before[:1]

    def is_placed(self, mention: Mention) -> bool:
        """Whether a name is a place here."""
        before, behind = self.before(mention), self.behind(mention)
        if before[:1] == ["the"]:
            before = before[1:]
        near = before[0] if before else ""
        if near in {"to", "from"}:
            return len(before) < 2 or before[1] not in _DEALINGS
        if near == "of":
            return len(before) > 1 and before[1] in _PLACES | _SIDES
        if near == "with" and before[1:2] == ["border"]:
            return True
        word = behind[0].lower() if behind else ""
        if near in PLACED | _SIDES or word in _PLACES:
            return True
        return near == "and" and self._follows_place(mention)

    def is_before_office(self, mention: Mention) -> bool:
        """Whether it says whose the office behind it is ("Ghana President Mensah")."""
        behind = self.behind(mention)
        office = bool(behind) and behind[0][0].isupper()
        return (
            office
            and not self.is_possessive(mention)
            and (behind[0].lower() in ROLE_WORDS | ROLE_MODIFIERS)
        )

    def _follows_place(self, mention: Mention) -> bool:
        """Whether "and" joins a name to one that is a place ("in Niger and Mali")."""
        number, at = self._at[mention.span.start]
        tokens = self._sentences[number]
        if at < 3 or not tokens[at - 2].capital:
            return False
        return tokens[at - 3].lower in PLACED

    def qualifies(self, mention: Mention) -> bool:
        """Whether a name stands before a noun, as an adjective does ("US jets")."""
        behind = self.behind(mention)
        if not behind or self.is_possessive(mention):
            return False
        return behind[0][0].isupper() or is_noun(behind[0], "".join(behind[1:]))

    def has_part(self, mention: Mention) -> bool:
        """Whether a name only says where the next one lies ("Syria's Karma")."""
        behind = self.behind(mention)
        return (
            self.is_possessive(mention)
            and bool(behind)
            and (behind[0][0].isupper() or behind[0].lower() in _PLACES | _SIDES)
        )

    def is_part_of_address(self, mention: Mention) -> bool:
        """Whether a city and a comma stand before a name ("Lyon, France")."""
        number, at = self._at[mention.span.start]
        if not at:
            return False
        city = self._sentences[number][at - 1]
        gap = self._text[city.end : mention.span.start]
        return gap.strip() == "," and city.capital and not state_named(city.name)

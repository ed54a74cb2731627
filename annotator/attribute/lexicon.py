"""Nothing -> closed word lists of attribution: verbs of speech, hedges, small words.

All in small letters.
"""

from __future__ import annotations

from typing import Final


def word_list(text: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(text.split())


HEDGES: Final = word_list(
    """
    reportedly allegedly alleged purportedly purported supposedly supposed
    apparently believed thought rumoured rumored rumour rumor rumours rumors said
    reputedly speculation suspected presumed unconfirmed claimed accused understood
    feared accusations allegations reports reported ostensibly hearsay
    """
)
"""A cue with one of these can stand without a source. "Said" is one only in "is said
to"; `pairing` sees to that."""

BARE_HEDGES: Final = word_list(
    """
    reportedly allegedly alleged purportedly purported supposedly reputedly rumoured
    rumored rumours rumors rumour rumor
    """
)
"""A hedge that is a claim by itself, with neither source nor content."""

SPEECH: Final = word_list(
    """
    said says say saying told tells tell added adds adding announced announces
    claimed claims stated states reported reports warned warns denied denies
    confirmed confirms insisted insists argued argues noted notes explained explains
    tweeted wrote writes acknowledged admitted stressed stresses continued continues
    replied asked asks declared concluded maintained recalled testified alleged
    alleges suggested estimated estimates believes believe reiterated remarked vowed
    pledged promised urged complained
    """
)

CARRIED_ON: Final = word_list(
    """
    adding saying stressing noting warning stating arguing claiming calling
    insisting explaining describing accusing blaming citing urging telling pointing
    emphasising emphasizing suggesting denying alleging promising predicting
    recalling vowing asserting declaring admitting confirming announcing cautioning
    concluding remarking asking
    """
)
"""Participles that carry the source of the clause before on."""

AFTER_CUE: Final = word_list("according by per citing quoting")
"""Cues, or ends of cues, whose source always stands behind them."""

MEN_PRONOUNS: Final = frozenset({"he", "him", "his", "himself"})
WOMEN_PRONOUNS: Final = frozenset({"she", "her", "hers", "herself"})
THEY: Final = frozenset({"they", "them", "their", "themselves", "both"})
IT: Final = frozenset({"it", "its", "itself"})
PRONOUNS: Final = MEN_PRONOUNS | WOMEN_PRONOUNS | THEY | IT
FIRST_PERSON: Final = word_list(
    """
    i we my our us me ours i'm we're i've we've i'll we'll i'd we'd i’m we’re i’ve
    we’ve i’ll we’ll i’d we’d
    """
)

PARTICLES: Final = word_list(
    """
    al el ul bin ibn bint abu abd ben van von der den de da del di du la le dos ud
    """
)
"""Words inside a name that may be written small."""

JOINERS: Final = frozenset({"of", "for", "on"})
"""Small words inside the name of a body."""

DETERMINERS: Final = word_list(
    """
    the a an this that these those his her its their our my one two three four five
    six seven eight nine ten several some many few other another both all no each
    various numerous dozens more
    """
)
PREPOSITIONS: Final = word_list(
    """
    of for at from in with to on within inside by near under who which that working
    close familiar based speaking across among
    """
)

DAYS: Final = word_list("monday tuesday wednesday thursday friday saturday sunday")

DATES: Final = DAYS | word_list(
    """
    january february march april june july august september october november december
    """
)
"""Days and months; May is not among them: people bear it."""

NOT_NAMES: Final = DATES | word_list(
    """
    the a an this that these those he she it they we i you his her its their our my
    your who what when where why how which while whereas if but and or nor so yet
    for in on at by to from of with without within as after before since until
    during despite although though because however meanwhile moreover furthermore
    also then there here now later earlier today yesterday tomorrow according
    speaking asked one two three four five six seven eight nine ten many some
    several most few all both each every no not yes well let just even still only
    once under over between among against about above below near across along around
    through into upon is are was were be been being has have had do does did will
    would can could may might must should separately finally additionally instead
    again another other others such same than like unlike last next first second
    third more less much very too rather perhaps maybe indeed thus hence therefore
    besides nevertheless nonetheless otherwise elsewhere mon tue wed thu fri sat
    sun jan feb mar apr jun jul aug sep sept oct nov dec am pm gmt posted published
    updated photo image source editor according citing quoting said says told added
    """
)
"""Capitalised at the head of a sentence, and never the beginning of a name."""

VERBS_AFTER_NAME: Final = SPEECH | word_list(
    """
    is was are were has had have will would can could did does also
    """
)

BETWEEN: Final = DAYS | word_list(
    """
    has had have also then later again further would will could did himself herself
    itself themselves both all once never not recently previously earlier on today
    """
)
"""Words that may stand between a subject and its verb; adverbs in -ly may too."""

NO_SPEAKERS: Final = word_list(
    """
    presenter interviewer host moderator q question note update editor photo source
    image caption related more watch read video credit answer correction warning
    """
)
"""Labels before a colon that are no speaker's name."""

OWNERS: Final = {"his": "he", "her": "she", "its": "it", "their": "they"}
"""Possessive pronouns and who owns."""

ANONYMOUS: Final = word_list("unnamed anonymous unidentified")
"""What is left out where an unnamed source is given as written."""

AUXILIARIES: Final = word_list(
    """
    is are was were has had have be been will would now also not and but did does do
    """
)
"""Words that are no cue by themselves."""

SOME: Final = word_list("some many several most few other others certain various")
"""Words that take a part out of a crowd, so that nobody is named."""

"""Nothing -> the records every stage hands to the next.

Frozen and slotted: a record never changes after it is made, and a person's
correction is a new record beside the machine's. Offsets are 0-based, half open
and count code points. A span points into `Article.text` unless its name says
``source_``: those point into the decoded file (see `Passage`).
"""

from annotator.records.actors import (
    Actor,
    ActorKind,
    ActorMention,
    LinkedMention,
    PolarityTowards,
    Stance,
)
from annotator.records.events import (
    AttributionLoss,
    Corroboration,
    LossPlace,
    Relation,
    Standing,
)
from annotator.records.profiles import (
    AxisPlace,
    Difference,
    DistinctiveTerm,
    Estimate,
    Group,
    Naming,
    OutletAxis,
    OutletProfile,
    Share,
)
from annotator.records.reviews import (
    Account,
    Action,
    Decision,
    Role,
    Turn,
    Verdict,
)
from annotator.records.scored import Headline, ScoredArticle
from annotator.records.sources import (
    SCALES,
    Axis,
    Grade,
    Identity,
    Override,
    SourceProfile,
    Sourcing,
    Tally,
    TrackRecord,
)
from annotator.records.tags import (
    Label,
    MarkedSpan,
    Polarity,
    SpanLayer,
    TaggedSentence,
    Voice,
)
from annotator.records.text import (
    Article,
    DroppedLine,
    Failure,
    InputFile,
    Passage,
    Sentence,
    SentenceKind,
    Span,
)
from annotator.records.voices import Attribution, LoadedTerm, QuoteForm, VoicedSpan

__all__ = [
    "SCALES",
    "Account",
    "Action",
    "Actor",
    "ActorKind",
    "ActorMention",
    "Article",
    "Attribution",
    "AttributionLoss",
    "Axis",
    "AxisPlace",
    "Corroboration",
    "Decision",
    "Difference",
    "DistinctiveTerm",
    "DroppedLine",
    "Estimate",
    "Failure",
    "Grade",
    "Group",
    "Headline",
    "Identity",
    "InputFile",
    "Label",
    "LinkedMention",
    "LoadedTerm",
    "LossPlace",
    "MarkedSpan",
    "Naming",
    "OutletAxis",
    "OutletProfile",
    "Override",
    "Passage",
    "Polarity",
    "PolarityTowards",
    "QuoteForm",
    "Relation",
    "Role",
    "ScoredArticle",
    "Sentence",
    "SentenceKind",
    "Share",
    "SourceProfile",
    "Sourcing",
    "Span",
    "SpanLayer",
    "Stance",
    "Standing",
    "TaggedSentence",
    "Tally",
    "TrackRecord",
    "Turn",
    "Verdict",
    "Voice",
    "VoicedSpan",
]

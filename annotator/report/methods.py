"""Results and the folder of their model -> what a reader needs to judge the figures.

The model is described from the JSON and Markdown in its folder; nothing is loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from annotator.codebook import LABELS
from annotator.profile import MINIMUM_ARTICLES
from annotator.report.contents import cut
from annotator.report.terminal import safe
from annotator.store import Results
from annotator.tag.shelf import DESCRIPTION, shelves

METRICS, CARD = "metrics.json", "card.md"
DATA_WIDTH: Final = 60
"""Characters after which the name of a file is cut off."""

CARD_BYTES: Final = 60_000
"""A card longer than this is not a card."""

UNNAMED: Final = "The results do not say which model they are from."
OWN_MODEL: Final = (
    "No shipped model has this name: it is one of your own, known here by its name and "
    "the hash of its weights. Its figures are in its folder, if it was evaluated."
)
OTHER_WEIGHTS: Final = (
    "The shipped model of this name has other weights, so its figures are not those of "
    "this model."
)
UNMEASURED: Final = "Its folder holds no figures of an evaluation."

_NAME: Final = re.compile(r"[\w.-]*\w[\w.-]*")


class Score(NamedTuple):
    """One figure of the model's own evaluation, with a 95 % interval if it has one."""

    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of the model whose labels these are.

    Without its folder there are no `scores` and there is no `card`; `missing` says in
    words why there are no scores.
    """

    version: str
    missing: str = ""
    scores: tuple[Score, ...] = ()
    data: str = ""
    card: Markup | None = None


@dataclass(frozen=True, slots=True)
class Methods:
    """What the methods section fills in."""

    model: ModelFacts
    code_version: str
    minimum_articles: int


def methods(results: Results, homes: tuple[Path, ...] | None = None) -> Methods:
    """Gather what the methods section says of this run.

    Parameters
    ----------
    homes
        Folders that hold model folders; where models are shipped by default.
    """
    name = str(results.run.get("model") or "")
    return Methods(
        model_facts(name, homes or shelves()),
        str(results.run.get("code_version") or version("source-annotator")),
        MINIMUM_ARTICLES,
    )


def model_facts(model: str, homes: tuple[Path, ...]) -> ModelFacts:
    """Describe a model by its name and hash, as ``run.json`` gives them.

    A folder of the same name whose weights have another hash is another model. Where
    the folder of a user's own model lies is not in ``run.json``: of such a model only
    name and hash are known.
    """
    name, _, digest = model.partition("@")
    if not _NAME.fullmatch(name) or not digest:
        return ModelFacts(model, UNNAMED)
    missing = OWN_MODEL
    for folder in (home / name for home in homes):
        described = _read_json(folder / DESCRIPTION)
        if str(described.get("sha256", "")).startswith(digest):
            metrics = _read_json(folder / METRICS)
            scores = tuple(_scores(metrics, model))
            card = _card(folder)
            return ModelFacts(
                model, "" if scores else UNMEASURED, scores, _data(metrics), card
            )
        if described:
            missing = OTHER_WEIGHTS
    return ModelFacts(model, missing)


def _read_json(path: Path) -> dict[str, Any]:
    """Read an object; an empty one where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _scores(metrics: Mapping[str, Any], model: str) -> Iterator[Score]:
    """Pick the figures that say most; those that are not there are left out."""
    own = _part(_part(metrics, "scores"), model)
    named = {
        "macro-F1 of labels": own.get("macro_f1"),
        "accuracy of labels": own.get("accuracy"),
        "calibration error": own.get("calibration_error"),
    }
    labels = own.get("labels")
    if isinstance(labels, list):
        for label, scored in zip(LABELS, labels, strict=False):
            named[f"F1 {label.replace('_', ' ')}"] = _part({"": scored}, "").get("f1")
    layers = _part(_part(metrics, "spans"), "layers")
    for layer in layers:
        found = _part(layers, layer).get("overlap_f1")
        named[f"overlap F1 {safe(str(layer))}"] = found
    stances = metrics.get("stances")
    for file in stances if isinstance(stances, list) else ():
        on = _part({"": file}, "")
        title = f"macro-F1 of stance on {cut(str(on.get('data')), DATA_WIDTH)}"
        named[title] = on.get("macro_f1")
    for name, figure in named.items():
        if (score := _score(name, figure)) is not None:
            yield score


def _part(metrics: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = metrics.get(key)
    return part if isinstance(part, dict) else {}


def _score(name: str, figure: object) -> Score | None:
    """Read ``{"value", "low", "high"}`` or a bare number."""
    parts = figure if isinstance(figure, dict) else {"value": figure}
    value, low, high = (
        x if isinstance(x := parts.get(k), int | float) else None
        for k in ("value", "low", "high")
    )
    return None if value is None else Score(name, value, low, high)


def _data(metrics: Mapping[str, Any]) -> str:
    """Say what the model was measured on."""
    sentences, articles = metrics.get("sentences"), metrics.get("articles")
    if not isinstance(sentences, int) or not isinstance(articles, int):
        return ""
    digest = str(metrics.get("data_sha256") or "")[:12]
    return f"{sentences:,} sentences of {articles:,} articles" + (
        f" (SHA-256 {safe(digest)}…)" if digest else ""
    )


def _card(folder: Path) -> Markup | None:
    """Give the model's card as HTML without links, pictures and markup of its own."""
    try:
        text = (folder / CARD).read_bytes()[:CARD_BYTES].decode("utf-8", "replace")
    except OSError:
        return None
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.disable(["image", "link", "autolink", "reference"])
    tokens = markdown.parse("\n".join(map(safe, text.splitlines())))
    for token in tokens:
        token.attrs.pop("style", None)  # the page allows no style but its own
        if token.type.startswith("heading"):
            token.tag = "h4"
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Markup(html)  # noqa: S704 - escaped by the renderer

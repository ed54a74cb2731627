"""Sentences -> tasks of Label Studio, and the labeling configuration they need.

The machine's answer is a prediction, people's verdict an annotation, so that neither
is taken for the other on the way back. Offsets are code points.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from annotator.codebook import LABELS, MEANING, SOURCE_KINDS, LabelName
from annotator.export.items import LAYERS, Item, facts
from annotator.export.marks import POLARITIES, VOICES, attributes
from annotator.records import MarkedSpan

NO_SPANS: Final = "nothing to mark"
"""Chosen where a sentence has no spans; no regions at all leave the machine's."""

COLOURS: Final = {
    "source": "#2b6cb0",
    "cue": "#2f855a",
    "content": "#b7791f",
    "loaded": "#c53030",
}


def tasks(items: Iterable[Item]) -> Iterator[str]:
    """Write a list of tasks in JSON, a task a line."""
    opening = "[\n"
    for item in items:
        yield opening + json.dumps(_task(item))
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def config() -> str:
    """Write the labeling configuration to paste into the project's settings."""
    ofs = 'perRegion="true" whenTagName="layer"'
    lines = (
        "<View>",
        "  <Style>.htx-text { white-space: pre-wrap; }</Style>",
        '  <Text name="before" value="$before" selectionEnabled="false"/>',
        '  <Labels name="layer" toName="text" choice="single">',
        *(
            f'    <Label value="{layer}" background="{COLOURS[layer]}"/>'
            for layer in LAYERS
        ),
        "  </Labels>",
        '  <Text name="text" value="$text"/>',
        '  <Text name="after" value="$after" selectionEnabled="false"/>',
        '  <Choices name="label" toName="text" choice="single" required="true">',
        *(
            f"    <Choice value={quoteattr(label)} hint={quoteattr(MEANING[label])}/>"
            for label in LABELS
        ),
        "  </Choices>",
        *_choices("spans", (NO_SPANS,), 'choice="single"'),
        *_choices("kind", SOURCE_KINDS, f'{ofs} whenLabelValue="source,cue,content"'),
        *_choices(
            "polarity", POLARITIES, f'{ofs} whenLabelValue="loaded" required="true"'
        ),
        *_choices("voice", VOICES, f'{ofs} whenLabelValue="loaded"'),
        '  <TextArea name="note" toName="text" maxSubmissions="1" editable="true"/>',
        "</View>",
        "",
    )
    return "\n".join(lines)


def _choices(name: str, values: Iterable[str], options: str) -> Iterator[str]:
    yield f'  <Choices name="{name}" toName="text" showInline="true" {options}>'
    yield from (f"    <Choice value={quoteattr(value)}/>" for value in values)
    yield "  </Choices>"


def _task(item: Item) -> dict[str, Any]:
    machine = {
        "model_version": item.machine.model,
        "score": item.machine.confidence,
        "result": _result(item, item.machine.label, item.machine_spans, ""),
    }
    task: dict[str, Any] = {
        "data": {"text": item.text, "before": item.before, "after": item.after}
        | facts(item),
        "predictions": [machine],
        "annotations": [],
    }
    if item.verdict:
        result = _result(item, item.label, item.spans, item.note)
        if not item.spans:
            result.append(_choice("spans", "spans", NO_SPANS))
        task["annotations"].append({"result": result, "was_cancelled": False})
    return task


def _result(
    item: Item, label: LabelName, spans: Iterable[MarkedSpan], note: str
) -> list[dict[str, Any]]:
    """Give an answer as regions and choices; those of one region share its id."""
    result = [_choice("label", "label", label)]
    for number, marked in enumerate(spans):
        region = f"span{number}"
        at = {**marked.span._asdict(), "text": item.quote(marked.span)}
        result.append(
            {
                "id": region,
                "from_name": "layer",
                "to_name": "text",
                "type": "labels",
                "value": {**at, "labels": [marked.layer]},
            }
        )
        for name, value in attributes(marked).items():
            chosen = _choice(region, name, value)
            result.append({**chosen, "value": {**at, **chosen["value"]}})
    if note:
        result.append(
            {
                "id": "note",
                "from_name": "note",
                "to_name": "text",
                "type": "textarea",
                "value": {"text": [note]},
            }
        )
    return result


def _choice(region: str, name: str, value: str) -> dict[str, Any]:
    return {
        "id": region,
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [value]},
    }

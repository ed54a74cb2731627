/* Spans of a sentence -> other spans, and what they look like. */

import { el, pieces } from "./dom.js";
import { slice } from "./text.js";

const ORDER = ["content", "source", "cue", "loaded"];

const inOrder = (spans) =>
  [...spans].sort((a, b) => a.start - b.start || b.end - a.end || ORDER.indexOf(a.layer) - ORDER.indexOf(b.layer));

const touches = (a, b) => a.start < b.end && a.end > b.start;

export const same = (a, b) => a.layer === b.layer && a.start === b.start && a.end === b.end;

/** A new span of a layer, what belongs to it taken from the one it replaces. */
function made(layer, { start, end }, spans, old) {
  if (layer !== "loaded") {
    const kind = old && old.layer !== "loaded" ? old.kind : null;
    return { layer, start, end, kind, polarity: null, voice: null };
  }
  const quoted = spans.some((span) => span.layer === "content" && span.start <= start && span.end >= end);
  return {
    layer, start, end, kind: null,
    polarity: old?.polarity ?? "-",
    voice: old?.voice ?? (quoted ? "quoted" : "outlet"),
  };
}

/** Mark a stretch; it takes the place of what it touches in its layer. */
export function marked(spans, layer, stretch) {
  const old = spans.find((span) => span.layer === layer && touches(span, stretch));
  const rest = spans.filter((span) => span.layer !== layer || !touches(span, stretch));
  return inOrder([...rest, made(layer, stretch, rest, old)]);
}

export const without = (spans, gone) => spans.filter((span) => !same(span, gone));

/** Change what belongs to one span: its layer, its ends, its kind or polarity. */
export function changed(spans, span, change) {
  const next = { ...span, ...change };
  const rest = without(spans, span);
  const moved = change.layer !== undefined || change.start !== undefined || change.end !== undefined;
  if (!moved) return inOrder([...rest, next]);
  const free = rest.filter((other) => other.layer !== next.layer || !touches(other, next));
  return inOrder([...free, made(next.layer, next, free, span)]);
}

/** Give the shortest span at an offset. */
export function spanAt(spans, offset) {
  return spans
    .filter((span) => span.start <= offset && offset < span.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start))[0];
}

/** Whether two lists hold the same spans. */
export function alike(some, others) {
  const key = (spans) => inOrder(spans).map((s) => [s.layer, s.start, s.end, s.kind, s.polarity].join()).join(";");
  return key(some) === key(others);
}

/**
 * Give a sentence as nodes with its spans marked.
 *
 * Spans may overlap: the text is cut where any of them starts or ends, and each piece
 * lies inside one element for each span it belongs to.
 */
export function drawn(text, spans) {
  const points = Array.from(text);
  const cuts = new Set([0, points.length]);
  for (const span of spans) cuts.add(span.start).add(span.end);
  const places = [...cuts].filter((at) => at >= 0 && at <= points.length).sort((a, b) => a - b);
  return places.slice(1).flatMap((end, i) => {
    const start = places[i];
    const over = ORDER.flatMap((layer) =>
      spans.filter((span) => span.layer === layer && span.start <= start && span.end >= end));
    let nodes = pieces(points.slice(start, end).join(""), start);
    for (const span of over.reverse()) {
      const polarity = span.polarity && span.end === end ? span.polarity.replace("-", "−") : null;
      nodes = [el("span", { class: `mark ${span.layer}`, "data-polarity": polarity }, ...nodes)];
    }
    return nodes;
  });
}

/** Give a span in words, for those who hear the page and for lists. */
export const worded = (text, span) => `“${slice(text, span.start, span.end)}”`;

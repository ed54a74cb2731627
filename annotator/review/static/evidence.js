/* An item -> what was found in its sentence, beside it. */

import { byId, count, day, el, joined, outside, percent } from "./dom.js";
import { LABELS, LAYERS, RELATIONS, badge, letterOf, named, said, words } from "./labels.js";
import { worded } from "./marks.js";

const section = (title, ...children) => el("section", {}, el("h2", {}, title), ...children);

function chances(probabilities) {
  const top = Math.max(...Object.values(probabilities));
  const rows = LABELS.map(({ name, title }) => {
    const share = probabilities[name] ?? 0;
    const bar = el("i", { class: letterOf(name) });
    bar.style.width = `${100 * share}%`;
    return el("div", { class: share === top ? "top" : null },
      el("dt", {}, badge(name), el("span", { class: "hidden" }, title)),
      el("dd", { class: "track", "aria-hidden": "true" }, bar),
      el("dd", { class: "number" }, percent(share)));
  });
  return el("dl", { class: "chances" }, ...rows);
}

function machine(item) {
  if (!item.machine) {
    return section("The machine", el("p", { class: "note" }, "Hidden until you have decided."));
  }
  const { label, probabilities, reasons, model } = item.machine;
  return section("The machine says",
    el("p", {}, named(label)),
    chances(probabilities),
    reasons.length ? el("ul", { class: "reasons", "aria-label": "Why it is in the queue" }, ...reasons.map((reason) => el("li", {}, reason))) : null,
    el("p", { class: "note" }, outside(model)));
}

function grade({ reliability, credibility, reasons }) {
  const name = `${reliability ?? ""}${credibility ?? ""}`;
  return el("details", {},
    el("summary", {}, el("span", { class: "grade" }, name || "–"), "why this grade"),
    ...reasons.map((reason) => el("p", { class: "note" }, outside(reason))));
}

function voice(found) {
  const name = found.resolved_source || found.source;
  const written = found.source && found.source !== name ? ["written “", outside(found.source), "”"] : [];
  const how = joined([
    found.source_kind && words(found.source_kind), found.form && `${found.form} speech`,
    found.depth ? `inside another's words (depth ${found.depth})` : null,
  ]);
  return el("li", {},
    el("strong", {}, name ? outside(name) : "nobody named"),
    found.cue ? el("span", {}, " · ", outside(found.cue)) : null,
    el("p", { class: "note" }, ...how, ...(written.length && how.length ? [" · "] : []), ...written),
    found.grade ? grade(found.grade) : null);
}

function relatedTo({ relation, text, outlet, title, published, same_origin: copy }) {
  return el("li", {},
    el("p", { class: `how ${relation}` }, RELATIONS[relation] ?? words(relation), copy ? " · same origin" : null),
    el("p", { class: "quoted" }, outside(text)),
    el("p", { class: "note" }, ...joined([outlet && outside(outlet), day(published), title && outside(title)])));
}

/** Say what somebody decided. */
export function otherOf(decision) {
  return el("li", {},
    el("p", {}, el("strong", {}, outside(decision.reviewer)), " · ", said(decision)),
    decision.note ? el("p", { class: "quoted" }, outside(decision.note)) : null);
}

/** List the marks as buttons: for keys, for screen readers and as a legend. */
export function showMarks(item, editor) {
  const chips = editor.spans.map((span) =>
    el("button", { type: "button", onclick: () => editor.open(span) },
      el("span", { class: `swatch ${span.layer}` }, LAYERS[span.layer]), " ",
      outside(worded(item.text, span)), span.polarity ? ` ${span.polarity.replace("-", "−")}` : null));
  byId("marks").replaceChildren(...(chips.length ? chips : [el("p", { class: "note" }, "None yet.")]));
}

/** Show everything that was found in a sentence and may be shown. */
export function showEvidence(item) {
  const { attributions, related, others } = item;
  byId("evidence").replaceChildren(...[
    machine(item),
    section("Marks", el("div", { id: "marks", class: "chips" })),
    attributions.length ? section("Who says it", el("ul", { class: "voices" }, ...attributions.map(voice))) : null,
    related.length ? section(count(related.length, "sentence elsewhere", "sentences elsewhere"), el("ul", { class: "related" }, ...related.map(relatedTo))) : null,
    others.length ? section("Other reviewers", el("ul", { class: "others" }, ...others.map(otherOf))) : null,
    item.adjudication ? section("Settled", el("ul", { class: "others" }, otherOf(item.adjudication))) : null,
  ].filter(Boolean));
}

/** Say what both said, once both may be known. */
export function revealed(item) {
  const { mine, machine: theirs } = item;
  const agree = mine.label === theirs.label;
  return [
    el("p", {}, "You: ", named(mine.label)),
    el("p", {}, "Machine: ", named(theirs.label), ` ${percent(theirs.confidence)}`),
    el("p", {}, el("strong", {}, agree ? "You agree." : "You differ.")),
  ];
}

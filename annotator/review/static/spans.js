/* A sentence on the page -> the spans a person marks in it, by mouse, touch or keys. */

import { announce, byId, el, outside } from "./dom.js";
import { LAYERS, SOURCE_KINDS, words as asWords } from "./labels.js";
import { alike, changed, drawn, marked, same, spanAt, without, worded } from "./marks.js";
import { pointsIn, snapped, wordAt, wordsOf } from "./text.js";

/** Give the code point of the sentence that a place in the document stands for. */
function offsetAt(node, units, end) {
  if (node.nodeType === Node.TEXT_NODE) {
    const piece = node.parentElement.closest("[data-at]");
    if (!piece) return end;
    const at = Number(piece.dataset.at);
    return piece.classList.contains("control") ? at + (units > 0 ? 1 : 0) : at + pointsIn(node.data.slice(0, units));
  }
  const after = node.childNodes[units];
  const first = after instanceof Element && (after.matches("[data-at]") ? after : after.querySelector("[data-at]"));
  return first ? Number(first.dataset.at) : end;
}

/** Give the place in the document under a point of the screen: [node, units]. */
function placeUnder(x, y) {
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(x, y);
    return caret && [caret.offsetNode, caret.offset];
  }
  const range = document.caretRangeFromPoint(x, y);
  return range && [range.startContainer, range.startOffset];
}

/** Give the place in the document of a code point of the sentence. */
function placeOf(box, offset) {
  const pieces = [...box.querySelectorAll("[data-at]")];
  const piece = pieces.findLast((one) => Number(one.dataset.at) <= offset);
  if (!piece) return [box, 0];
  const text = piece.firstChild;
  const inside = offset - Number(piece.dataset.at);
  if (piece.classList.contains("control")) return [text, inside ? text.length : 0];
  return [text, Array.from(text.data).slice(0, inside).join("").length];
}

/** Marks the words of one sentence after another. */
export class SpanEditor extends EventTarget {
  #box = byId("sentence");
  #menu = byId("span-menu");
  #text = "";
  #words = [];
  #spans = [];
  #first = [];
  #anchor = 0;
  #head = -1;
  #target = null;

  constructor() {
    super();
    this.#box.addEventListener("pointerup", ({ clientX, clientY }) => setTimeout(() => this.#released(clientX, clientY)));
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("click", (event) => this.#chosen(event));
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      event.stopPropagation();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.#menu.hidden && !this.#menu.contains(event.target) && !this.#box.contains(event.target)) this.close(false);
    });
    byId("menu-kind").append(
      el("option", { value: "" }, "not said"),
      ...SOURCE_KINDS.map((kind) => el("option", { value: kind }, asWords(kind))),
    );
    byId("menu-kind").addEventListener("change", (event) => {
      this.#change({ kind: event.target.value || null });
    });
  }

  /** Show a sentence with the spans it has, and those somebody made of them. */
  show(text, first, spans) {
    this.close(false);
    this.#text = text;
    this.#words = wordsOf(text);
    this.#first = first;
    this.#spans = spans ?? first;
    this.#head = -1;
    this.#draw();
  }

  get spans() {
    return this.#spans;
  }

  /** Whether they are others than the sentence came with. */
  get touched() {
    return !alike(this.#spans, this.#first);
  }

  /** Go back to the spans the sentence came with. */
  reset() {
    this.#set(this.#first, "Back to the marks as they were");
  }

  /** Open the menu on a span. */
  open(span) {
    this.#target = span;
    this.#select(span.start, span.end);
    this.#openMenu();
  }

  close(refocus = true) {
    if (this.#menu.hidden) return;
    this.#menu.hidden = true;
    this.#target = null;
    getSelection().removeAllRanges();
    if (refocus) this.#box.focus({ preventScroll: true });
  }

  #draw() {
    this.#box.replaceChildren(...drawn(this.#text, this.#spans));
  }

  #set(spans, message) {
    this.#spans = spans;
    this.#draw();
    announce(message);
    this.dispatchEvent(new Event("change"));
  }

  #layer() {
    return document.querySelector("input[name=layer]:checked").value;
  }

  #selected() {
    const selection = getSelection();
    if (!selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!this.#box.contains(range.startContainer) && !this.#box.contains(range.endContainer)) return null;
    const end = pointsIn(this.#text);
    const start = this.#box.contains(range.startContainer) ? offsetAt(range.startContainer, range.startOffset, end) : 0;
    const stop = this.#box.contains(range.endContainer) ? offsetAt(range.endContainer, range.endOffset, end) : end;
    return { start, end: stop };
  }

  #select(start, end) {
    getSelection().setBaseAndExtent(...placeOf(this.#box, start), ...placeOf(this.#box, end));
  }

  /** Mark what was dragged over; open the menu on what was clicked or tapped. */
  #released(x, y) {
    const dragged = this.#selected();
    if (dragged && dragged.start !== dragged.end) {
      const stretch = snapped(this.#words, dragged.start, dragged.end);
      if (stretch) this.#mark(this.#layer(), stretch);
      this.#box.blur();
      return;
    }
    const place = placeUnder(x, y);
    if (!place || !this.#box.contains(place[0])) return;
    const at = offsetAt(...place, pointsIn(this.#text));
    const found = spanAt(this.#spans, at) ?? snapped(this.#words, at, at + 1);
    if (found) this.open(found);
  }

  #mark(layer, stretch) {
    this.#set(marked(this.#spans, layer, stretch), `Marked ${worded(this.#text, stretch)} as ${LAYERS[layer].toLowerCase()}`);
    getSelection().removeAllRanges();
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#words.length) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.#step(event);
    else if (event.key === "Enter" && this.#head >= 0) this.#enter(event);
    else if (event.key === "Escape" && this.#head >= 0) this.#leave(event);
  }

  #step(event) {
    const reading = getComputedStyle(this.#box).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const by = event.key === reading ? 1 : -1;
    const last = this.#words.length - 1;
    const from = this.#head < 0 ? (by > 0 ? -1 : last + 1) : this.#head;
    this.#head = Math.min(last, Math.max(0, from + by));
    if (!event.shiftKey || from < 0 || from > last) this.#anchor = this.#head;
    const [first, final] = [Math.min(this.#anchor, this.#head), Math.max(this.#anchor, this.#head)];
    const stretch = { start: this.#words[first].start, end: this.#words[final].end };
    this.#select(stretch.start, stretch.end);
    const within = this.#spans.filter((span) => span.start <= stretch.start && span.end >= stretch.end);
    announce([worded(this.#text, stretch), ...within.map((span) => LAYERS[span.layer])].join(", "));
    event.preventDefault();
    event.stopPropagation();
  }

  #enter(event) {
    const one = this.#anchor === this.#head && spanAt(this.#spans, this.#words[this.#head].start);
    this.open(one || this.#selected());
    event.preventDefault();
    event.stopPropagation();
  }

  #leave(event) {
    this.#head = -1;
    getSelection().removeAllRanges();
    event.stopPropagation();
  }

  #openMenu() {
    const span = this.#target;
    byId("menu-words").replaceChildren(outside(worded(this.#text, span)));
    for (const button of this.#menu.querySelectorAll("[data-layer]")) {
      button.setAttribute("aria-pressed", String(button.dataset.layer === span.layer));
    }
    byId("menu-kind-row").hidden = !["source", "cue", "content"].includes(span.layer);
    byId("menu-kind").value = span.kind ?? "";
    byId("menu-polarity-row").hidden = span.layer !== "loaded";
    for (const button of this.#menu.querySelectorAll("[data-polarity]")) {
      button.setAttribute("aria-pressed", String(button.dataset.polarity === span.polarity));
    }
    byId("menu-remove").hidden = !span.layer;
    const opened = this.#menu.hidden;
    this.#menu.hidden = false;
    this.#place();
    if (opened) (this.#menu.querySelector("[aria-pressed=true]") ?? this.#menu.querySelector("button")).focus({ preventScroll: true });
  }

  /** Below the sentence, or above it where there is no room below. */
  #place() {
    const words = getSelection().getRangeAt(0).getBoundingClientRect();
    const at = this.#box.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#menu;
    const below = at.bottom + height + 12 < innerHeight || at.top < height + 12;
    const left = Math.max(8, Math.min(words.left, document.documentElement.clientWidth - width - 12));
    this.#menu.style.left = `${left + scrollX}px`;
    this.#menu.style.top = `${(below ? at.bottom + 8 : at.top - height - 8) + scrollY}px`;
  }

  #chosen(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { layer, polarity, edge, by } = button.dataset;
    if (layer) this.#choose(layer);
    else if (polarity) this.#change({ polarity });
    else if (edge) this.#move(edge, Number(by));
    else if (button.id === "menu-remove") {
      this.#set(without(this.#spans, this.#target), `Removed the mark of ${worded(this.#text, this.#target)}`);
      this.close();
    } else this.close();
  }

  #choose(layer) {
    if (this.#target.layer) return this.#change({ layer });
    this.#mark(layer, this.#target);
    return this.close();
  }

  #change(change) {
    const next = { ...this.#target, ...change };
    const spans = changed(this.#spans, this.#target, change);
    this.#target = spans.find((span) => same(span, next));
    this.#set(spans, `${worded(this.#text, next)} is now ${LAYERS[next.layer].toLowerCase()}${next.polarity ? ` ${next.polarity}` : ""}`);
    this.#select(next.start, next.end);
    this.#openMenu();
  }

  #move(edge, by) {
    const place = wordAt(this.#words, edge === "start" ? this.#target.start : this.#target.end - 1) + by;
    const word = this.#words[place];
    if (!word) return;
    const next = { start: this.#target.start, end: this.#target.end, [edge]: word[edge] };
    if (next.start >= next.end) return;
    if (this.#target.layer) return this.#change(next);
    this.#target = next;
    announce(worded(this.#text, next));
    this.#select(next.start, next.end);
    return this.#openMenu();
  }
}

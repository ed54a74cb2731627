/* Filters and an order -> the list of what is to be decided. */

import { get } from "./api.js";
import { byId, count, day, el, joined, outside, visible } from "./dom.js";
import { badge, titleOf } from "./labels.js";

const PAGE = 40;
const ALL = "*";
const ORDER_NAMES = {
  priority: "what helps most first", uncertainty: "least certain first", allegation: "allegations first",
  weight: "outlets with few sentences first", text: "as the articles stand", random: "at random",
};
const FIELDS = ["order", "state", "contains", "outlet", "label", "topic", "source", "since", "until"];
const SELECTS = new Set(["outlet", "label", "topic"]);

/** The list beside the sentence; events: `filtered`, `chosen` (detail: sentence id). */
export class Queue extends EventTarget {
  #form = byId("filters");
  #list = byId("queue-list");
  #shown = 0;
  #current = null;
  #asked = 0;

  constructor() {
    super();
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("change", () => this.#filtered());
    this.#form.elements.contains.addEventListener("input", () => this.#soon());
    this.#form.addEventListener("reset", () => setTimeout(() => this.#filtered()));
    byId("queue-more").addEventListener("click", () => this.#load(this.#shown));
    this.#list.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-id]");
      if (button) this.dispatchEvent(new CustomEvent("chosen", { detail: button.dataset.id }));
    });
  }

  /** Fill the choices, take up the filters of the address, show the list. */
  async open(facets, blind) {
    const fill = (name, options) => this.#form.elements[name].append(...options);
    const option = ({ value, count: number }, title = value) =>
      el("option", { value: value ?? "" }, `${visible(title || "not known")} (${number.toLocaleString("en")})`);
    for (const name of SELECTS) this.#form.elements[name].options[0].value = ALL;
    fill("outlet", facets.outlets.map((facet) => option(facet)));
    fill("topic", facets.topics.map((facet) => option(facet)));
    fill("label", (facets.labels ?? []).map((facet) => option(facet, titleOf(facet.value))));
    fill("order", facets.orders.map((name) => el("option", { value: name }, ORDER_NAMES[name] ?? name)));
    byId("sources").append(...facets.sources.slice(0, 400).map(({ value }) => el("option", { value })));
    for (const id of ["label-filter", "source-filter"]) byId(id).hidden = blind;
    const address = new URLSearchParams(location.search);
    for (const [name, value] of address) {
      if (FIELDS.includes(name)) this.#form.elements[name].value = value;
    }
    await this.reload();
  }

  /** What is asked for, as the server wants it. */
  get wanted() {
    const data = new FormData(this.#form);
    const value = (name) => data.get(name) ?? "";
    return Object.fromEntries(FIELDS
      .map((name) => [name, value(name)])
      .filter(([name, given]) => (SELECTS.has(name) ? given !== ALL : given !== "")));
  }

  reload() {
    const set = Object.keys(this.wanted).filter((name) => !["order", "state", "contains"].includes(name));
    byId("filters-set").textContent = set.length ? `· ${set.length} set` : "";
    return this.#load(0);
  }

  /** Show where the reader is; a sentence the list lacks brings a new list. */
  async point(sentenceId) {
    this.#current = sentenceId;
    for (const button of this.#list.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
    const aside = byId("queue");
    if (!aside.hidden && !this.#buttonOf(sentenceId)) await this.#load(0);
    const here = this.#buttonOf(sentenceId);
    here?.setAttribute("aria-current", "true");
    if (!here || aside.hidden || aside.scrollHeight <= aside.clientHeight) return;
    const { top, bottom } = here.getBoundingClientRect();
    const frame = aside.getBoundingClientRect();
    if (top < frame.top || bottom > frame.bottom) aside.scrollTop += top - frame.top - frame.height / 3;
  }

  /** Write an answer beside a sentence of the list. */
  decided(sentenceId, decision) {
    const button = this.#buttonOf(sentenceId);
    if (!button) return;
    const open = !decision || decision.action === "undo";
    button.parentElement.classList.toggle("done", !open);
    button.querySelector(".mine").replaceChildren(...(open ? [] : mine(decision.label)));
  }

  #buttonOf(sentenceId) {
    return this.#list.querySelector(`button[data-id="${CSS.escape(sentenceId)}"]`);
  }

  #soon() {
    clearTimeout(this.#asked);
    this.#asked = setTimeout(() => this.#filtered(), 300);
  }

  #filtered() {
    clearTimeout(this.#asked);
    const address = new URL(location.href);
    address.search = new URLSearchParams(this.wanted).toString();
    history.replaceState(null, "", address);
    this.reload();
    this.dispatchEvent(new Event("filtered"));
  }

  async #load(offset) {
    const found = await get("/api/queue", { ...this.wanted, offset, limit: PAGE });
    if (offset === 0) this.#list.replaceChildren();
    this.#list.append(...found.items.map(row));
    this.#shown = offset + found.items.length;
    this.#buttonOf(this.#current ?? "")?.setAttribute("aria-current", "true");
    byId("queue-count").textContent = count(found.total, "sentence");
    byId("queue-more").hidden = this.#shown >= found.total || !found.items.length;
  }
}

const mine = (label) => [label ? badge(label) : "skipped", el("span", { class: "hidden" }, label ? `you said ${titleOf(label)}` : "")];

function row(item) {
  return el("li", { class: item.my_label ? "done" : null },
    el("button", { type: "button", "data-id": item.sentence_id },
      el("span", { class: "meta" },
        item.machine_label ? badge(item.machine_label) : null,
        el("bdi", {}, ...joined([outside(item.outlet || "outlet not known"), day(item.published)])),
        el("span", { class: "mine" }, ...(item.my_label ? mine(item.my_label) : []))),
      outside(item.text, { class: "excerpt" })));
}

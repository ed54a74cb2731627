/* The adjudication page: who said what of a sentence, and what is to stand. */

import { get } from "./api.js";
import { decision, showStanding, Stopwatch, toldOutbox } from "./decide.js";
import { announce, byId, count, el, notice, outside } from "./dom.js";
import { listen, noteField } from "./keys.js";
import { LABELS, named, said } from "./labels.js";
import { alike, drawn } from "./marks.js";
import { showArticle } from "./reading.js";

const watch = new Stopwatch();
const outbox = toldOutbox((id) => open(id));
const settled = [];
let disputes = [];
let item = null;

const tell = (error) => notice(error.message || "The server does not answer");

function row({ sentence_id: id, text, outlet, decisions }) {
  const who = decisions.map((one) => one.reviewer).join(", ");
  return el("li", {},
    el("button", { type: "button", "data-id": id, onclick: () => open(id) },
      el("span", { class: "meta" }, outside(outlet || "outlet not known"), outside(who, { class: "mine" })),
      outside(text, { class: "excerpt" })));
}

/** One reviewer's answer; with own marks, whether to take them over. */
function side(title, answer, marks, { note = "", meta = null, value }) {
  return el("section", { class: "side" },
    el("h3", {}, title),
    el("p", {}, answer),
    note ? el("p", { class: "quoted" }, outside(note)) : null,
    marks ? el("p", { class: "marked", dir: "auto" }, ...drawn(item.text, marks)) : null,
    marks ? el("label", { class: "use" }, el("input", { type: "radio", name: "marks", value, checked: value === "" }), "take these marks") : null,
    meta ? el("p", { class: "meta" }, meta) : null);
}

const answers = () => item.others.concat(item.mine?.action === "label" ? [item.mine] : []);

function sides() {
  const people = answers();
  const differ = people.some(({ spans }) => spans && !alike(spans, item.spans));
  const cards = people.map((one, i) => side(
    outside(one.reviewer), said(one), differ ? one.spans ?? item.spans : null,
    { note: one.note, meta: one.blind ? "before seeing the machine's answer" : "after seeing the machine's answer", value: String(i) },
  ));
  if (item.machine) {
    cards.push(side("The machine", named(item.machine.label), differ ? item.spans : null, { value: "" }));
  }
  return cards;
}

/** The marks of the card that is chosen; null leaves the machine's. */
function chosenMarks() {
  const chosen = document.querySelector("input[name=marks]:checked")?.value;
  return chosen ? answers()[Number(chosen)].spans : null;
}

function show(next) {
  item = next;
  for (const id of ["item", "decide"]) byId(id).hidden = !item;
  byId("nothing").hidden = item !== null;
  byId("left").textContent = disputes.length ? `${count(disputes.length, "sentence")} in dispute` : "";
  for (const button of byId("disputes").querySelectorAll("button")) {
    if (button.dataset.id === item?.sentence_id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  if (!item) return announce("Nothing is in dispute");
  showArticle(item);
  byId("sentence").replaceChildren(...drawn(item.text, item.spans));
  byId("sides").replaceChildren(...sides());
  byId("note").value = "";
  byId("note-field").hidden = true;
  showStanding(item.adjudication?.label ?? null, "Settled as");
  announce(item.text);
  byId("main").focus({ preventScroll: true });
  scrollTo({ top: 0 });
  watch.restart();
}

async function open(id) {
  try {
    show(await get(`/api/items/${encodeURIComponent(id)}`));
  } catch (error) {
    tell(error);
  }
}

async function reload() {
  ({ items: disputes } = await get("/api/disputes"));
  byId("disputes").replaceChildren(...disputes.map(row));
}

const placeOf = (id) => disputes.findIndex((dispute) => dispute.sentence_id === id);

function step(by) {
  if (!disputes.length) return show(null);
  const place = item ? placeOf(item.sentence_id) : -1;
  return open(disputes[(place + by + disputes.length) % disputes.length].sentence_id);
}

function settle(label) {
  if (!item) return;
  const sent = decision(item, "adjudication", { label, spans: chosenMarks(), note: byId("note").value, seconds: watch.seconds });
  const place = placeOf(item.sentence_id);
  settled.push({ sentence_id: item.sentence_id, last_adjudication: sent.decision_id, machine: item.machine });
  outbox.post(sent);
  if (place >= 0) {
    disputes.splice(place, 1);
    byId("disputes").children[place].remove();
  }
  const next = disputes[Math.min(Math.max(place, 0), disputes.length - 1)];
  if (next) open(next.sentence_id);
  else show(null);
}

async function undo() {
  const last = settled.pop() ?? (item?.adjudication && item);
  if (!last) return announce("There is nothing to undo");
  const answer = await outbox.post(decision(last, "adjudication", { action: "undo" }));
  if (!answer) return undefined;
  await reload();
  return show(answer.item);
}

function wire() {
  const writeNote = noteField();
  byId("labels").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) settle(button.value);
  });
  byId("undo").addEventListener("click", undo);
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  const digits = Object.fromEntries(LABELS.map(({ name }, i) => [String(i + 1), () => settle(name)]));
  listen({ ...digits, u: undo, n: writeNote, ArrowLeft: () => step(-1), ArrowRight: () => step(1) });
}

wire();
reload().then(() => step(1)).catch(tell);

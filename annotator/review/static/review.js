/* The review page: one sentence after another, one key each. */

import { get } from "./api.js";
import { decision, showStanding, Stopwatch, toldOutbox } from "./decide.js";
import { announce, byId, count, el, notice } from "./dom.js";
import { revealed, showEvidence, showMarks } from "./evidence.js";
import { listen, noteField } from "./keys.js";
import { LABELS, badge, titleOf } from "./labels.js";
import { Queue } from "./queue.js";
import { showArticle, showWhole } from "./reading.js";
import { SpanEditor } from "./spans.js";

const queue = new Queue();
const editor = new SpanEditor();
const watch = new Stopwatch();
const outbox = toldOutbox((id, item) => (item ? show(item) : open(id)));
const drafts = new Map();
const seen = [];
const made = [];
let item = null;
let ahead = null;
let revealing = false;
let wishes = 0;

const itemAt = (id) => get(`/api/items/${encodeURIComponent(id)}`);

const following = (after, step = 1) => get("/api/next", { ...queue.wanted, after, step });

/** Ask for the sentence after this one now, so that it is there when it is wanted. */
function lookAhead() {
  const found = following(item.sentence_id);
  found.catch(() => {});
  ahead = { after: item.sentence_id, found };
}

/** Keep what has been written about a sentence but not decided. */
function keepDraft() {
  if (!item) return;
  const note = byId("note").value;
  if (note || editor.touched) drafts.set(item.sentence_id, { note, spans: editor.touched ? editor.spans : null });
  else drafts.delete(item.sentence_id);
}

function show(next, { back = false } = {}) {
  keepDraft();
  if (item && next && item.sentence_id !== next.sentence_id && !back) seen.push(item.sentence_id);
  item = next;
  revealing = false;
  for (const id of ["item", "decide", "evidence"]) byId(id).hidden = !item;
  byId("nothing").hidden = item !== null;
  byId("reveal").replaceChildren();
  if (!item) return nothing();
  const draft = drafts.get(item.sentence_id);
  showArticle(item);
  byId("whole").setAttribute("aria-expanded", "false");
  editor.show(item.text, item.my_spans ?? item.spans, draft?.spans);
  byId("note").value = draft?.note ?? "";
  byId("note-field").hidden = !draft?.note;
  byId("accept").disabled = item.machine === null;
  byId("accepted").replaceChildren(...(item.machine ? [badge(item.machine.label), el("span", { class: "hidden" }, titleOf(item.machine.label))] : []));
  showEvidence(item);
  showChanged();
  showStanding(item.mine?.label ?? null, "Your answer:");
  announce(item.text);
  if (!byId("queue").contains(document.activeElement)) byId("main").focus({ preventScroll: true });
  scrollTo({ top: 0 });
  history.replaceState(null, "", `#${encodeURIComponent(item.sentence_id)}`);
  queue.point(item.sentence_id).catch(tell);
  watch.restart();
  if (ahead?.after !== item.sentence_id) lookAhead();
}

function nothing() {
  byId("nothing-text").textContent = queue.wanted.state
    ? "Everything in this part of the queue has been looked at, or the filters let nothing through."
    : "The filters let nothing through.";
  announce("Nothing is left here");
}

function showChanged() {
  showMarks(item, editor);
  byId("reset-marks").hidden = !editor.touched;
}

const tell = (error) => notice(error.message || "The server does not answer");

/** Show a sentence once it is there, unless the reader has wished for another since. */
async function go(coming, options) {
  wishes += 1;
  const wish = wishes;
  try {
    const next = await coming;
    if (wish === wishes) show(next, options);
  } catch (error) {
    tell(error);
  }
}

const open = (id, options) => go(itemAt(id), options);

const advance = () => go(ahead?.after === item?.sentence_id ? ahead.found : following(item?.sentence_id));

/** Go back the way the reader came; before that, up the list. */
async function goBack() {
  if (seen.length) return open(seen.pop(), { back: true });
  try {
    const before = await get("/api/next", { ...queue.wanted, state: "all", after: item?.sentence_id, step: -1 });
    if (before) show(before, { back: true });
    else announce("This is the first sentence");
  } catch (error) {
    tell(error);
  }
}

/** Send an answer; go on without waiting, unless the machine's is to be shown first. */
function decide(given) {
  const sent = decision(item, "review", { ...given, note: byId("note").value, seconds: watch.seconds });
  if (given.action !== "skip" && editor.touched) sent.spans = editor.spans;
  drafts.delete(item.sentence_id);
  made.push({ sentence_id: item.sentence_id, last: sent.decision_id });
  queue.decided(item.sentence_id, sent);
  const stored = outbox.post(sent);
  const reveal = sent.blind && sent.action === "label";
  byId("note").value = "";
  editor.show(item.text, editor.spans);
  if (!reveal) return advance();
  revealing = true;
  item = { ...item, last: sent.decision_id };
  showStanding(sent.label, "Your answer:");
  byId("reveal").replaceChildren(el("p", {}, "Storing your answer …"), onward());
  return stored.then((answer) => {
    if (answer && revealing && item.sentence_id === sent.sentence_id) showReveal(answer.item);
  });
}

const onward = () => el("button", { type: "button", class: "main", onclick: () => advance() }, "Next ", el("kbd", {}, "Enter"));

function showReveal(now) {
  show(now);
  revealing = true;
  byId("accept").disabled = true;
  const agree = now.mine.label === now.machine.label;
  byId("reveal").className = `reveal ${agree ? "agree" : "differ"}`;
  byId("reveal").replaceChildren(...revealed(now), onward());
}

function label(name) {
  if (item) decide({ action: "label", label: name });
}

function accept() {
  if (revealing) return advance();
  if (!item?.machine) return false;
  return decide({ action: "label", label: item.machine.label });
}

/** Take back the last decision of this visit, or else the one on this sentence. */
async function undo() {
  const last = made.pop() ?? (item?.mine && { sentence_id: item.sentence_id, last: item.last });
  if (!last) return announce("There is nothing to undo");
  const sent = decision({ ...last, machine: item?.machine ?? null }, "review", { action: "undo" });
  queue.decided(last.sentence_id, sent);
  const answer = await outbox.post(sent);
  if (answer) {
    show(answer.item, { back: true });
    announce(`Taken back. ${item.text}`);
  }
  return undefined;
}

async function showProgress() {
  const now = await get("/api/progress");
  const all = now.open + now.decided + now.skipped;
  byId("progress-bar").value = all ? (now.decided + now.skipped) / all : 1;
  const parts = [`${(now.decided + now.skipped).toLocaleString("en")} of ${all.toLocaleString("en")}`, `${now.today} today`];
  if (now.per_minute) parts.push(`${now.per_minute.toFixed(1)} a minute`);
  if (now.minutes_left) parts.push(`${left(now.minutes_left)} left`);
  byId("progress-text").replaceChildren(parts[0], el("span", { class: "long" }, ...parts.slice(1).map((part) => ` · ${part}`)));
}

const left = (minutes) => (minutes < 90 ? count(Math.ceil(minutes), "minute") : `about ${Math.round(minutes / 60)} hours`);

function soonProgress() {
  clearTimeout(soonProgress.timer);
  soonProgress.timer = setTimeout(() => showProgress().catch(() => {}), 400);
}

function toggleQueue(open = byId("queue").hidden) {
  byId("queue").hidden = !open;
  byId("toggle-queue").setAttribute("aria-expanded", String(open));
}

function search() {
  toggleQueue(true);
  byId("filters").elements.contains.focus();
}

function wire() {
  const writeNote = noteField();
  const on = (id, act) => byId(id).addEventListener("click", act);
  byId("labels").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) label(button.value);
  });
  on("accept", accept);
  on("skip", () => item && decide({ action: "skip" }));
  on("undo", undo);
  on("previous", goBack);
  on("next", advance);
  on("reset-marks", () => editor.reset());
  on("toggle-queue", () => toggleQueue());
  on("whole", async (event) => {
    const whole = event.currentTarget.getAttribute("aria-expanded") !== "true";
    event.currentTarget.setAttribute("aria-expanded", String(whole));
    await showWhole(item, whole).catch(tell);
  });
  editor.addEventListener("change", showChanged);
  queue.addEventListener("filtered", () => {
    ahead = null;
    go(following(undefined));
  });
  queue.addEventListener("chosen", (event) => open(event.detail));
  outbox.addEventListener("stored", soonProgress);
  outbox.addEventListener("refused", ({ detail: { decision: refused } }) => {
    queue.decided(refused.sentence_id, null);
    const place = made.findIndex(({ last }) => last === refused.decision_id);
    if (place >= 0) made.splice(place, 1);
  });
  const digits = Object.fromEntries(LABELS.map(({ name }, i) => [String(i + 1), () => label(name)]));
  listen({
    ...digits, Enter: accept, s: () => item && decide({ action: "skip" }), u: undo, n: writeNote,
    ArrowLeft: goBack, ArrowRight: advance, "/": search,
  });
}

/** Open the queue, and give the sentence the address names, or the first. */
async function first(facets, blind) {
  const wanted = decodeURIComponent(location.hash.slice(1));
  await queue.open(facets, blind);
  return (wanted && (await itemAt(wanted).catch(() => null))) || following(undefined);
}

async function start() {
  wire();
  toggleQueue(matchMedia("(min-width: 62rem)").matches);
  const [me, facets] = await Promise.all([get("/api/me"), get("/api/facets")]);
  await go(first(facets, me.blind));
  await showProgress();
}

start().catch(tell);

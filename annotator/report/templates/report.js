"use strict";
const NAMES = { f: "Reported fact", c: "Attributed claim", o: "Opinion", a: "Unverifiable allegation" };
const LETTERS = [..."fcoa"];
const REASONS = JSON.parse(document.getElementById("reasons").textContent);
const pop = document.getElementById("pop");
const articles = [...document.querySelectorAll("details.article")];
const sentenceOf = (node) => node instanceof Element && node.closest(".text span");

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function describe(sentence) {
  if (sentence.dataset.k !== undefined) {
    return [element("p", "what", "No label: " + sentence.dataset.k)];
  }
  const heading = element("p", "what", NAMES[sentence.className[0]]);
  const rows = sentence.dataset.p.split(" ").map((percent, i) => {
    const row = element("p", "row " + LETTERS[i], "");
    const line = element("i", "", "");
    line.style.width = percent + "%";
    const track = element("span", "track", "");
    track.append(line);
    row.append(element("b", "key " + LETTERS[i], LETTERS[i].toUpperCase()), track,
      element("span", "percent", percent + " %"));
    return row;
  });
  const reasons = (sentence.dataset.r || "").split(" ").filter(Boolean)
    .map((number) => element("p", "why", REASONS[number]));
  return [heading, ...rows, ...reasons];
}

function show(sentence) {
  pop.replaceChildren(...describe(sentence));
  pop.hidden = false;
  sentence.setAttribute("aria-describedby", "pop");
  const at = sentence.getClientRects()[0];
  const below = at.top < pop.offsetHeight + 16;
  const left = Math.min(at.left, document.documentElement.clientWidth - pop.offsetWidth - 12);
  pop.style.left = Math.max(12, left) + scrollX + "px";
  pop.style.top = (below ? sentence.getBoundingClientRect().bottom + 8 : at.top - pop.offsetHeight - 8) + scrollY + "px";
}

function hide() {
  pop.hidden = true;
}

/* One stop of the tab key an article; the arrow keys move between its sentences. */
function makeStop(sentence) {
  const text = sentence.closest(".text");
  text.querySelectorAll("[tabindex]").forEach((s) => s.setAttribute("tabindex", "-1"));
  sentence.setAttribute("tabindex", "0");
}

function move(sentence, step) {
  const all = [...sentence.closest(".text").querySelectorAll("span")];
  const next = all[all.indexOf(sentence) + step];
  if (next) {
    makeStop(next);
    next.focus();
  }
}

document.addEventListener("toggle", ({ target }) => {
  if (target.matches("details.article[open]") && !target.querySelector(".text [tabindex]")) {
    const first = target.querySelector(".text span");
    if (first) makeStop(first);
  }
}, true);
document.addEventListener("mouseover", ({ target }) => {
  const sentence = sentenceOf(target);
  if (sentence) show(sentence);
});
document.addEventListener("mouseout", ({ target }) => { if (sentenceOf(target)) hide(); });
document.addEventListener("focusin", ({ target }) => {
  const sentence = sentenceOf(target);
  if (sentence) show(sentence);
});
document.addEventListener("focusout", hide);
document.addEventListener("click", ({ target }) => {
  const sentence = sentenceOf(target);
  if (sentence) { makeStop(sentence); sentence.focus(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const sentence = sentenceOf(event.target);
  if (sentence && step) { event.preventDefault(); move(sentence, step); }
});

function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const article = target && target.closest("details.article");
  if (!article) return;
  article.hidden = false;
  article.open = true;
  target.scrollIntoView({ block: sentenceOf(target) ? "center" : "start" });
  if (sentenceOf(target)) { makeStop(target); target.focus({ preventScroll: true }); }
}
addEventListener("hashchange", openTarget);

const [words, outlet, label, only, count] =
  ["words", "outlet", "label", "only", "found"].map((id) => document.getElementById(id));

function filter() {
  const wanted = words.value.trim().toLowerCase();
  document.body.dataset.label = label.value;
  let shown = 0;
  for (const article of articles) {
    const counts = article.dataset.n.split(" ").map(Number);
    const fits = (!outlet.value || article.dataset.outlet === outlet.value.slice(1))
      && (!label.value || counts[LETTERS.indexOf(label.value)])
      && (!only.checked || counts[4])
      && (!wanted || article.textContent.toLowerCase().includes(wanted));
    article.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  count.textContent = shown === articles.length ? "" : shown + " of " + articles.length + " articles";
}

for (const name of [...new Set(articles.map((a) => a.dataset.outlet))].sort()) {
  const option = element("option", "", name);
  option.value = "=" + name;
  outlet.append(option);
}
const form = document.getElementById("filter");
form.hidden = articles.length === 0;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", filter);
let typing;
words.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 200); });
openTarget();

"use strict";
const NAMES = { f: "Reported fact", c: "Attributed claim", o: "Opinion", a: "Unverifiable allegation" };
const LETTERS = [..."fcoa"];
const BY_PEOPLE = "decided by people";
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
  const machine = sentence.dataset.h;
  if (machine) {
    const same = machine === sentence.className[0];
    const told = same ? ", as the model had it" : "; the model: " + NAMES[machine].toLowerCase();
    heading.append(element("small", "", " " + BY_PEOPLE + told));
  }
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

/* A figure opens the sentences behind it. Text of a sentence that stands in the page is
   taken from there; the data holds only that of others. */
const EVIDENCE = JSON.parse(document.getElementById("evidence").textContent);
const behind = document.getElementById("behind");
const [what, how, list] = [behind.querySelector("#behind-what"), behind.querySelector("#behind-how"), behind.querySelector("ol")];
const SIGNS = { "-1": "− unfavourable", 0: "0 neutral", 1: "+ favourable" };

function quotation(text, start, end) {
  const letters = [...text], made = element("blockquote", "", "");
  made.dir = "auto";
  if (start < 0 || start >= letters.length) { made.textContent = text; return made; }
  made.append(letters.slice(0, start).join(""), element("mark", "", letters.slice(start, end).join("")), letters.slice(end).join(""));
  return made;
}

function origin(place, article, index) {
  if (!place) return element("span", "", (EVIDENCE.articles[article] || []).join(" · "));
  const shown = place.closest("details.article");
  const link = element("a", "", shown.querySelector(".title").textContent + " · " + shown.querySelector(".from").textContent);
  link.href = "#s" + article + "-" + index;
  link.addEventListener("click", () => behind.close());
  return link;
}

function entry([number, start, end, polarity]) {
  const [article, index, letter, text, decided] = EVIDENCE.sentences[number];
  const place = document.getElementById("s" + article + "-" + index);
  const label = place ? place.className[0] : letter;
  const item = element("li", label, ""), from = element("p", "", "");
  if (NAMES[label]) from.append(element("b", "key " + label, label.toUpperCase()), " ");
  if (polarity !== null) from.append(element("b", "sign", SIGNS[polarity]), " ");
  if (place ? place.dataset.h : decided) from.append(BY_PEOPLE + " · ");
  from.append(origin(place, article, index));
  item.append(quotation(place ? place.textContent : text, start, end), from);
  return item;
}

function openCell(cell) {
  const [total, ...chosen] = EVIDENCE.cells[cell.dataset.e];
  what.textContent = EVIDENCE.titles[cell.dataset.e];
  how.textContent = chosen.length
    ? chosen.length + " of " + total.toLocaleString("en") + " sentence" + (total === 1 ? "" : "s") + ", chosen by chance over articles; those of articles shown below go first."
    : "No sentence can be shown for this figure; the tables of the results hold it.";
  list.replaceChildren(...chosen.map(entry));
  behind.showModal();
}

/* One stop of the tab key a table; the arrow keys move between its figures. */
for (const grid of document.querySelectorAll(".grid")) {
  grid.querySelectorAll(".cell").forEach((cell, i) => { cell.tabIndex = i ? -1 : 0; });
}

function moveCell(cell, key) {
  const grid = cell.closest(".grid"), rows = [...grid.rows], down = { ArrowDown: 1, ArrowUp: -1 }[key];
  let next;
  if (down) {
    const column = cell.closest("td, th").cellIndex, after = rows.indexOf(cell.closest("tr"));
    const wanted = down > 0 ? rows.slice(after + 1) : rows.slice(0, after).reverse();
    const cells = wanted.map((r) => (r.cells[column] && r.cells[column].querySelector(".cell")) || r.querySelector("td:not(:nth-child(n+4)) .cell"));
    next = cells.find(Boolean);
  } else {
    const all = [...grid.querySelectorAll(".cell")];
    next = all[all.indexOf(cell) + { ArrowRight: 1, ArrowLeft: -1 }[key]];
  }
  if (!next) return;
  grid.querySelectorAll(".cell[tabindex='0']").forEach((c) => { c.tabIndex = -1; });
  next.tabIndex = 0;
  next.focus();
}

document.addEventListener("click", ({ target }) => {
  const cell = target.closest(".cell");
  if (cell) openCell(cell);
  if (target === behind) behind.close();
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest(".cell");
  if (cell && event.key.startsWith("Arrow")) { event.preventDefault(); moveCell(cell, event.key); }
});
openTarget();

/* The dashboard: outlets with intervals, agreement, overrides, pace. */

import { get } from "./api.js";
import { byId, count, el, notice, outside, percent } from "./dom.js";
import { LABELS, badge, named } from "./labels.js";
import { managePeople } from "./people.js";
import { whisker } from "./whisker.js";

const range = ({ low, high }) => (low === null || high === null ? "no interval" : `${percent(low)} to ${percent(high)}`);

function table(heads, rows, caption = null) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption ?? heads[0] },
    el("table", {},
      caption ? el("caption", {}, caption) : null,
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows)));
}

const cells = (head, ...rest) =>
  el("tr", {}, el("th", { scope: "row" }, head), ...rest.map((cell) => (cell instanceof HTMLTableCellElement ? cell : el("td", {}, cell))));

function shareCell(className, share) {
  return el("td", { class: "chart" },
    whisker(className, share),
    share.share === null ? "–" : percent(share.share), el("small", {}, range(share)),
    share.people ? el("small", {}, `${share.people} by people`) : null);
}

function outlets(found) {
  const heads = ["Outlet", "Articles", "Sentences", "Flagged", "Decided", "Overridden"];
  const labels = LABELS.filter(({ name }) => found.some(({ shares }) => typeof shares[name]?.share === "number"));
  const rows = found.map(({ outlet, articles, sentences, flagged, decided, overridden, shares }) =>
    cells(outside(outlet || "not known"),
      ...[articles, sentences, flagged, decided, overridden].map((number) => number.toLocaleString("en")),
      ...labels.map(({ name, letter }) => shareCell(letter.toLowerCase(), shares[name]))));
  return table([...heads, ...labels.map(({ name, title }) => el("span", {}, badge(name), ` ${title}`))], rows, "Labels by outlet");
}

const figure = (title, value, ...small) =>
  el("div", {}, el("dt", {}, title), el("dd", {}, value, ...small.map((line) => el("small", {}, line))));

function coefficient(title, { value, low, high, sentences }) {
  if (value === null) return figure(title, "–", "not defined yet");
  const reach = low === null ? "too few articles for an interval" : `95 %: ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return figure(title, value.toFixed(2), reach, count(sentences, "sentence"));
}

function agreement({ alpha, alpha_blind: blind, pairs, unanimous }) {
  if (!alpha.sentences) {
    return [el("p", { class: "note" }, "No sentence has been labelled by two people yet.")];
  }
  const rows = pairs.map(({ first, second, same, kappa }) =>
    cells(el("span", {}, outside(first), " and ", outside(second)),
      `${same} of ${kappa.sentences}`,
      kappa.value === null ? "–" : kappa.value.toFixed(2),
      kappa.low === null ? "too few articles" : `${kappa.low.toFixed(2)} to ${kappa.high.toFixed(2)}`));
  return [
    el("dl", { class: "figures" },
      coefficient("Krippendorff's alpha", alpha), coefficient("the same, blind only", blind),
      figure("Unanimous", `${unanimous} of ${alpha.sentences}`)),
    table(["Reviewers", "Same label", "Cohen's kappa", "95 % interval"], rows, "Two by two"),
  ];
}

const WHOSE = { label: "By the machine's label", outlet: "By outlet", reviewer: "By reviewer" };
const SHOWN = { blind: "before seeing it", seen: "after seeing it", all: "all" };

function overrideTable(by, found) {
  const rows = found.filter((one) => one.by === by && one.shown === "all").map(({ name, rate }) =>
    cells(by === "label" ? named(name) : outside(name || "not known"), `${rate.count} of ${rate.total}`, shareCell("all", rate)));
  return rows.length ? table([WHOSE[by], "Overridden", "Share"], rows) : null;
}

function overrides(found) {
  const all = found.filter(({ by, rate }) => by === "all" && rate.total);
  if (!all.length) return [el("p", { class: "note" }, "Nobody has decided yet.")];
  const rows = all.map(({ shown, rate }) => cells(SHOWN[shown], `${rate.count} of ${rate.total}`, shareCell("all", rate)));
  return [table(["Machine's answer", "Overridden", "Share"], rows), ...Object.keys(WHOSE).map((by) => overrideTable(by, found))].filter(Boolean);
}

function pace(found) {
  if (!found.length) return el("p", { class: "note" }, "Nobody has decided yet.");
  const rows = found.map(({ reviewer, decisions, skipped, undone, minutes, median_seconds: median }) =>
    cells(outside(reviewer), decisions, skipped, undone, minutes.toFixed(1), median === null ? "–" : `${median.toFixed(1)} s`));
  return table(["Reviewer", "Decisions", "Skipped", "Undone", "Minutes", "Median"], rows);
}

async function start() {
  const found = await get("/api/dashboard");
  byId("outlets").replaceChildren(outlets(found.outlets));
  byId("agreement").replaceChildren(...agreement(found.agreement));
  byId("overrides").replaceChildren(...overrides(found.overrides));
  byId("pace").replaceChildren(pace(found.pace));
  if (byId("people")) await managePeople();
}

start().catch((error) => notice(error.message));

/* Nothing -> the names of the codebook, as a person reads them. */

import { el } from "./dom.js";

export const LABELS = [
  { name: "reported_fact", letter: "F", title: "Reported fact" },
  { name: "attributed_claim", letter: "C", title: "Attributed claim" },
  { name: "opinion", letter: "O", title: "Opinion" },
  { name: "unverifiable_allegation", letter: "A", title: "Unverifiable allegation" },
];

export const LAYERS = { source: "Source", cue: "Cue", content: "Content", loaded: "Loaded term" };

export const SOURCE_KINDS = [
  "named_person", "government", "military", "armed_group", "intergovernmental", "ngo",
  "media_outlet", "document", "expert_named", "unnamed_official", "unnamed_other", "hearsay",
];

export const RELATIONS = {
  agrees: "Agrees", differs_in_figures: "Gives other figures", contradicts: "Contradicts",
};

const byName = new Map(LABELS.map((label) => [label.name, label]));

/** Give a name of the code as words. */
export const words = (name) => (name ?? "").replaceAll("_", " ");

export const titleOf = (name) => byName.get(name)?.title ?? words(name);

export const letterOf = (name) => byName.get(name)?.letter.toLowerCase() ?? "";

/** Give a label's letter in its colour. */
export const badge = (name) =>
  el("span", { class: `key ${letterOf(name)}`, "aria-hidden": "true" }, letterOf(name).toUpperCase());

/** Give a label's letter and name. */
export const named = (name) => el("span", { class: "named" }, badge(name), " ", titleOf(name));

/** What a decision says, in words. */
export const said = (decision) =>
  decision.action === "label" ? named(decision.label) : el("span", {}, decision.action === "skip" ? "skipped" : "taken back");

/* Names and text -> elements. Text only ever goes in as text, never as markup. */

const CONTROLS = new Map([
  [0x061c, "ALM"], [0x200e, "LRM"], [0x200f, "RLM"],
  [0x202a, "LRE"], [0x202b, "RLE"], [0x202c, "PDF"], [0x202d, "LRO"], [0x202e, "RLO"],
  [0x2066, "LRI"], [0x2067, "RLI"], [0x2068, "FSI"], [0x2069, "PDI"],
]);
const SPACES = new Set([0x09, 0x0a, 0x0d]);

/** Give the name of a character that is not to act but to be seen; undefined for others. */
export function controlName(character) {
  const code = character.codePointAt(0);
  const unseen = (code < 0x20 && !SPACES.has(code)) || (code >= 0x7f && code < 0xa0);
  return CONTROLS.get(code) ?? (unseen ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : undefined);
}

/** Make an element; `on...` are listeners, null and undefined children are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * Give text from outside as nodes, controls as visible marks.
 *
 * Each element says in `data-at` at which code point of `text` it starts, counted
 * from `start`.
 */
export function pieces(text, start = 0) {
  const nodes = [];
  let plain = "";
  let from = start;
  let at = start;
  const flush = () => {
    if (plain) nodes.push(el("span", { "data-at": from }, plain));
    plain = "";
  };
  for (const character of text) {
    const name = controlName(character);
    if (name) {
      flush();
      nodes.push(el("span", { "data-at": at, class: "control", title: "control character" }, name));
      from = at + 1;
    } else {
      plain += character;
    }
    at += 1;
  }
  flush();
  return nodes;
}

/** Give text from outside as plain text, controls as names in brackets. */
export const visible = (text) =>
  Array.from(text, (character) => (controlName(character) ? `[${controlName(character)}]` : character)).join("");

/** Give text from outside, kept from changing the direction of what is around it. */
export const outside = (text, attributes = {}) => el("bdi", attributes, ...pieces(text ?? ""));

export const byId = (id) => document.getElementById(id);

/** Tell what happened to those who do not see it happen. */
export function announce(message) {
  byId("announce").textContent = visible(message);
}

/** Show a notice until it is closed; `actions` are [words, what to do] pairs. */
export function notice(message, { calm = false, actions = [] } = {}) {
  const shown = el("div", { class: calm ? "notice calm" : "notice", role: "alert" }, el("p", {}, message));
  const close = () => shown.remove();
  for (const [words, act] of [...actions, ["Close", () => {}]]) {
    shown.append(el("button", { type: "button", class: "quiet", onclick: () => { close(); act(); } }, words));
  }
  byId("notices").append(shown);
  return close;
}

/** Whether keys belong to this element and not to the page. */
export function typingIn(target) {
  return target instanceof Element
    && target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

/** Whether Enter and space already mean something on this element. */
export function actsItself(target) {
  return target instanceof Element && target.closest("button, a[href], summary, input, select, textarea, [role=dialog]") !== null;
}

/** Give a date as it is known: a year stays a year. */
export function day(published) {
  if (!published || !/^\d{4}-\d{2}-\d{2}/.test(published)) return published ?? "";
  const [year, month, date] = published.slice(0, 10).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("en-GB", {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}

/** Give words with a separator between those that are there. */
export function joined(parts, separator = " · ") {
  return parts.filter(Boolean).flatMap((part, i) => (i ? [separator, part] : [part]));
}

export const count = (number, one, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

export const percent = (share) => `${Math.round(100 * share)} %`;

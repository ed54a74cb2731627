/* Key presses -> what the page does; they never act while somebody types. */

import { actsItself, byId, typingIn } from "./dom.js";

const on = () => localStorage.getItem("single-keys") !== "off";

/**
 * Let keys act on the page; `actions` are by key, small letters for letters.
 *
 * Enter acts only where no control has it. Single keys can be switched off in the
 * list of keys (WCAG 2.1.4); Enter and the arrows stay.
 */
export function listen(actions) {
  const help = byId("help");
  const single = byId("single-keys");
  single.checked = on();
  single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));
  byId("show-help").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open || typingIn(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key.length === 1 && key !== "?" && !on()) return;
    if ((key === "Enter" || key === " ") && actsItself(event.target)) return;
    if (key.startsWith("Arrow") && event.target.matches?.("input[type=radio]")) return;
    const action = key === "?" ? () => help.showModal() : actions[key];
    if (!action || action(event) === false) return;
    event.preventDefault();
  });
}

/** Open and close the field for a note; gives what to do at N. */
export function noteField() {
  const field = byId("note-field");
  const note = byId("note");
  const button = byId("write-note");
  const show = (open) => {
    field.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) note.focus();
    else byId("main").focus({ preventScroll: true });
  };
  note.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) show(false);
  });
  button.addEventListener("click", () => show(field.hidden));
  return () => show(true);
}

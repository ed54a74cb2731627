/* A person's answer -> a decision in the outbox; what became of it -> the page. */

import { newId } from "./api.js";
import { announce, byId, count, notice } from "./dom.js";
import { titleOf } from "./labels.js";
import { Outbox } from "./outbox.js";

/** Time a sentence was on the screen, without the time the page was not. */
export class Stopwatch {
  #since = null;
  #before = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.#go()));
  }

  restart() {
    this.#before = 0;
    this.#go();
  }

  get seconds() {
    const running = this.#since === null ? 0 : performance.now() - this.#since;
    return Math.round(this.#before + running) / 1000;
  }

  #go() {
    this.#since = performance.now();
  }

  #stop() {
    this.#before = 1000 * this.seconds;
    this.#since = null;
  }
}

/** Lay out a decision as the server takes it. */
export const decision = (item, turn, given) => ({
  decision_id: newId(), sentence_id: item.sentence_id, action: "label", label: null,
  spans: null, note: "", seconds: 0, blind: item.machine === null, turn,
  after: (turn === "review" ? item.last : item.last_adjudication) ?? null, ...given,
});

/**
 * Make an outbox that says on the page what it cannot deliver.
 *
 * `show(sentenceId, item)` opens the sentence of a decision that was not taken; `item`
 * is how it stands now, where the server said.
 */
export function toldOutbox(show) {
  const outbox = new Outbox();
  let close = null;
  outbox.addEventListener("waiting", ({ detail: { size, error } }) => {
    if (!error) {
      close?.();
      close = null;
    } else if (!close) {
      const said = { 401: "You have been signed out. Sign in again in another tab", 503: error.message };
      const why = said[error.status] ?? "The server does not answer";
      close = notice(`${why}; ${count(size, "decision")} not stored yet. Keep this page open: it tries again by itself.`, {
        actions: error.status === 401 ? [["Sign in", () => open("/sign-in", "_blank", "noopener")]] : [],
      });
    }
  });
  outbox.addEventListener("refused", ({ detail: { decision: refused, error } }) => {
    const item = error.body?.item;
    const answer = refused.label ? `“${titleOf(refused.label)}”` : `“${refused.action}”`;
    const why = error.status === 409
      ? `This sentence has been decided anew in between, so your ${answer} was not stored.`
      : `Your ${answer} was not stored: ${error.message}`;
    notice(why, { actions: [["Look at it", () => show(refused.sentence_id, item)]] });
  });
  return outbox;
}

/** Show which label stands; null for none. */
export function showStanding(label, title) {
  for (const button of byId("labels").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === label));
  }
  if (label) announce(`${title} ${titleOf(label)}`);
}

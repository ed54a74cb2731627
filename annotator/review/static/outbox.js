/* Decisions -> the server, in order, again and again until it has them. */

import { post, Refused } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
const FINAL = new Set([400, 403, 404, 409, 413, 422]);

/**
 * Keeps decisions until the server has acknowledged them.
 *
 * Events: `stored` (detail: decision, answer), `refused` (detail: decision, error),
 * `waiting` (detail: size, error) whenever the size changes or a sending fails.
 */
export class Outbox extends EventTarget {
  #unsent = [];
  #sending = false;

  constructor() {
    super();
    addEventListener("beforeunload", (event) => {
      if (this.size) event.preventDefault();
    });
  }

  get size() {
    return this.#unsent.length;
  }

  /** Take a decision; the promise ends when it is stored or refused for good. */
  post(decision) {
    const done = new Promise((resolve) => this.#unsent.push({ decision, resolve }));
    this.#tell("waiting", { size: this.size });
    this.#drain();
    return done;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async #drain() {
    if (this.#sending) return;
    this.#sending = true;
    let wait = FIRST_WAIT;
    while (this.size) {
      const { decision, resolve } = this.#unsent[0];
      try {
        const answer = await post("/api/decisions", decision);
        this.#unsent.shift();
        this.#tell("stored", { decision, answer });
        resolve(answer);
        wait = FIRST_WAIT;
      } catch (error) {
        if (error instanceof Refused && FINAL.has(error.status)) {
          this.#unsent.shift();
          this.#tell("refused", { decision, error });
          resolve(null);
        } else {
          this.#tell("waiting", { size: this.size, error });
          await new Promise((again) => setTimeout(again, wait));
          wait = Math.min(2 * wait, LONGEST_WAIT);
        }
      }
      this.#tell("waiting", { size: this.size });
    }
    this.#sending = false;
  }
}

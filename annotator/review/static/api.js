/* What the page asks for -> what the server answers. */

const meta = document.querySelector("meta[name=csrf]");

/** An answer that is not what was asked for; `status` is that of HTTP. */
export class Refused extends Error {
  constructor(status, body) {
    super(typeof body?.detail === "string" ? body.detail : `the server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function answer(response) {
  if (response.status === 204) return null;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

/** Get JSON; null where there is nothing. Undefined and null parameters are left out. */
export async function get(path, parameters = {}) {
  const wanted = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(wanted).toString();
  return answer(await fetch(query ? `${path}?${query}` : path, { headers: { Accept: "application/json" } }));
}

/** Post JSON; after a server was started anew, with the token it gives out now. */
export async function post(path, body) {
  const send = () => fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF": meta.content },
    body: JSON.stringify(body),
  });
  const response = await send();
  return answer(response.status === 403 && (await renewed()) ? await send() : response);
}

async function renewed() {
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const token = page.querySelector("meta[name=csrf]")?.content;
  if (!token || token === meta.content) return false;
  meta.content = token;
  return true;
}

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

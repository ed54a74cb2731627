/* Accounts and assignments, for adjudicators. */

import { get, post } from "./api.js";
import { byId, count, el, notice, outside, visible } from "./dom.js";

const tell = (error) => notice(error.message);

async function showAccounts() {
  const { items } = await get("/api/accounts");
  byId("accounts").replaceChildren(el("ul", {},
    ...items.map(({ name, role }) => el("li", {}, outside(name), ` · ${role}`))));
  byId("assignees")?.replaceChildren(
    el("legend", {}, "Spread the queue over"),
    ...items.map(({ name }) =>
      el("label", {}, el("input", { type: "checkbox", name: "reviewers", value: name }), outside(name))));
}

function showLink({ account, invite }) {
  const address = new URL(invite, location.href).href;
  const field = el("input", { readonly: true, value: address, "aria-label": "One-time link", onfocus: (event) => event.target.select() });
  const copied = () => navigator.clipboard.writeText(address).then(() => { button.textContent = "Copied"; }, () => field.select());
  const button = el("button", { type: "button", onclick: copied }, "Copy");
  byId("invite").replaceChildren(
    el("p", {}, "Send this to ", outside(account.name), ". It works once, and is not shown again."),
    el("div", { class: "link" }, field, button));
}

/** Fill the part of the dashboard that is about people, and let its forms act. */
export async function managePeople() {
  byId("new-account").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, role } = Object.fromEntries(new FormData(event.target));
    try {
      showLink(await post("/api/accounts", { name, role }));
      event.target.reset();
      // Who was alone has to sign in from the first account on.
      if (byId("assign")) await showAccounts();
    } catch (error) {
      tell(error);
    }
  });
  if (byId("assign")) await manageAssignments();
  await showAccounts();
}

async function manageAssignments() {
  byId("assign").addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    const outlet = given.get("outlet");
    try {
      const { assigned } = await post("/api/assignments", {
        reviewers: given.getAll("reviewers"),
        overlap: Number(given.get("overlap")),
        filter: outlet === "*" ? {} : { outlet },
      });
      byId("assigned").textContent = `${count(assigned, "assignment")} made.`;
    } catch (error) {
      tell(error);
    }
  });
  const { outlets } = await get("/api/facets");
  byId("assign").elements.outlet.append(...outlets.map(({ value, count: number }) =>
    el("option", { value }, `${visible(value || "not known")} (${number})`)));
}

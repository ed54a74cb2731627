/* An item -> the sentence's article around it. */

import { get } from "./api.js";
import { byId, day, el, joined, outside, pieces } from "./dom.js";

function paragraphs(sentences) {
  const made = [];
  for (const { text, gap } of sentences) {
    if (gap === "paragraph" || !made.length) made.push(el("p", { dir: "auto" }));
    else made.at(-1).append(" ");
    made.at(-1).append(el("span", { class: "said" }, ...pieces(text)));
  }
  return made;
}

const safe = (url) => (/^https?:\/\//i.test(url ?? "") ? url : null);

/** Say whose article it is, and show what stands before and after the sentence. */
export function showArticle(item) {
  const { article } = item;
  const original = safe(article.url) && el("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, "original");
  byId("from").replaceChildren(...joined([
    outside(article.outlet || "outlet not known"), day(article.published), article.author && outside(article.author), original,
  ]));
  byId("item-title").replaceChildren(...pieces(article.title || "Untitled article"));
  showAround(item.before, item.after, false);
}

function showAround(before, after, whole) {
  for (const [id, sentences] of [["before", before], ["after", after]]) {
    byId(id).replaceChildren(...paragraphs(sentences));
    byId(id).classList.toggle("whole", whole);
  }
}

/** Show every sentence of the article, or go back to those around this one. */
export async function showWhole(item, whole) {
  if (!whole) return showAround(item.before, item.after, false);
  const { sentences } = await get(`/api/articles/${encodeURIComponent(item.article.article_id)}`);
  const here = sentences.findIndex((sentence) => sentence.sentence_id === item.sentence_id);
  return showAround(sentences.slice(0, here), sentences.slice(here + 1), true);
}

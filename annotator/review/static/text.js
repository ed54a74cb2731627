/* A sentence -> its words, as spans in code points. */

const CONNECTED = /[\p{L}\p{M}\p{N}]+(?:(?:[-'’.&/@]|(?<=\p{N}),(?=\p{N}))[\p{L}\p{M}\p{N}]+)*/u;
const IDEOGRAPH = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
const PICTURE = /\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}]*(?:\u200d\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}]*)*/u;
const WORD = new RegExp([IDEOGRAPH, CONNECTED, PICTURE, /\S/u].map((part) => part.source).join("|"), "gu");

/** Count code points; a string's own length counts UTF-16 units. */
export function pointsIn(text) {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}

export const slice = (text, start, end) => Array.from(text).slice(start, end).join("");

/** Give words and single marks, in order, as {start, end}. */
export function wordsOf(text) {
  const found = [];
  let units = 0;
  let points = 0;
  for (const match of text.matchAll(WORD)) {
    points += pointsIn(text.slice(units, match.index));
    units = match.index;
    found.push({ start: points, end: points + pointsIn(match[0]) });
  }
  return found;
}

/** Give the words a stretch touches as one span; null where it touches none. */
export function snapped(words, start, end) {
  const touched = words.filter((word) => word.start < end && word.end > start);
  return touched.length ? { start: touched[0].start, end: touched.at(-1).end } : null;
}

/** Give the place of the word at or after an offset. */
export function wordAt(words, offset) {
  const place = words.findIndex((word) => word.end > offset);
  return place < 0 ? words.length - 1 : place;
}

/* A share and its interval -> a small picture. */

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Draw a share from 0 to 1 as a bar, its interval as a line; the figures stand beside it. */
export function whisker(className, { share, low, high }) {
  const svg = shape("svg", { class: `whisker ${className}`, viewBox: "0 0 104 12", "aria-hidden": "true" });
  svg.append(shape("rect", { class: "all", x: 2, y: 2, width: 100, height: 8, rx: 2 }));
  if (share) svg.append(shape("rect", { class: "share", x: 2, y: 2, width: 100 * share, height: 8, rx: 2 }));
  if (low !== null && high !== null) {
    const [from, to] = [2 + 100 * low, 2 + 100 * high];
    svg.append(shape("path", { class: "reach", d: `M${from} 6H${to}M${from} 3.5v5M${to} 3.5v5` }));
  }
  return svg;
}

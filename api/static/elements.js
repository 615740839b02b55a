// Elements are made here and nowhere from text: what comes from documents or models is text, never HTML.

/** Make an element with properties, `class`, `aria-*` and `data-*` attributes, and children (elements or strings). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Draw one of the pictures below, in the colour of the text around it; it says nothing to who cannot see it. */
export function picture(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "picture");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PICTURES[name]);
  path.setAttribute("fill-rule", "evenodd");
  drawing.append(path);
  return drawing;
}

const PICTURES = {
  bubble: "M6 1.5h12a4.5 4.5 0 0 1 4.5 4.5v8.25a4.5 4.5 0 0 1-4.5 4.5h-5.25L7.5 23v-4.25H6a4.5 4.5 0 0 1-4.5-4.5V6A4.5 "
    + "4.5 0 0 1 6 1.5zM6 6h12v1.9H6zM6 9.3h8.3v2.8H6zM6 13.4h10.5v1.9H6z",
  thumb: "M2 10h4v11H2zM8 21h9.6a2.4 2.4 0 0 0 2.3-1.8l1.9-7A2.4 2.4 0 0 0 19.5 9.2H14l.9-4.5A2.2 2.2 0 0 0 12.7 2L8 9.6z",
};

// The texts of the page: Dutch, from the service, so that this file knows no words.

let texts = {};

/** Fetch the texts and return what else the page needs to begin: example questions, number of documents. */
export async function loadTexts() {
  const response = await fetch("api/v1/texts");
  const start = await response.json();
  texts = start.texts;
  return start;
}

/** Return the text of `page.<key>` with {name} filled in. */
export function say(key, values = {}) {
  return (texts[`page.${key}`] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Name a page as people do: by the number printed on it, and the viewer's number where that differs. */
export function pageName(page, label) {
  return label && label !== String(page) ? say("page_label", { label, page }) : say("page", { page });
}

/** Write a date as precise as it is known: "2019-09-17" is 17 september 2019, "2020-04" april 2020. */
export function dateName(date) {
  const parts = (date ?? "").split("-").map(Number);
  if (!date || parts.some(Number.isNaN)) return date ?? "";
  const precision = [{}, { month: "long" }, { month: "long", day: "numeric" }][parts.length - 1];
  const moment = new Date(Date.UTC(parts[0], (parts[1] ?? 1) - 1, parts[2] ?? 1));
  return new Intl.DateTimeFormat("nl-NL", { timeZone: "UTC", year: "numeric", ...precision }).format(moment);
}

// What to ask next: headings of what was found beside the answer, in the documents' own words.

const MOST = 3;
const WORDS = [2, 9]; // fewer say too little ("Inleiding"), more are sentences

/** Return at most three headings, of sections that were found but not cited, the nearest first. */
export function suggestions(answer) {
  const told = new Set(answer.citations.map((citation) => key(citation.heading.at(-1) ?? "")));
  const asked = new Set(words(answer.standalone_question));
  const found = new Map();
  for (const hit of answer.hits) {
    const heading = clean(hit.heading.at(-1) ?? "");
    const count = heading.split(" ").length;
    const known = told.has(key(heading)) || found.has(key(heading)) || key(heading) === key(hit.document.title);
    const fresh = words(heading).some((word) => !asked.has(word));
    if (!known && fresh && count >= WORDS[0] && count <= WORDS[1]) found.set(key(heading), heading);
  }
  return [...found.values()].slice(0, MOST);
}

/** The heading without the number, arrow or bullet before it and the mark behind it. */
function clean(heading) {
  return heading.replace(/\s+/g, " ").replace(/^[^\p{L}\p{N}]+/u, "")
    .replace(/^(?:[\dIVX]+[.)]?)+\s+/, "").replace(/[\s.:;,?!]+$/, "").trim();
}

function key(heading) {
  return clean(heading).toLowerCase();
}

function words(text) {
  return text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
}

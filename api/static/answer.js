// How an answer looks: the quote that comes first, the draft, the answer with its sources.

import { make } from "./elements.js";
import { dateName, pageName, say } from "./texts.js";

/** The quote that was found before anything is written. `open(source, button)` shows its page. */
export function quoteFirst(citation, open) {
  return make("section", { class: "found" },
    make("h3", {}, say("found")),
    make("blockquote", {}, make("mark", {}, citation.quote)),
    make("p", { class: "origin" }, origin(citation, open)));
}

/** The whole answer. */
export function finished(answer, open) {
  const sources = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const trusted = answer.sentences.length > 0 && answer.sentences.every((sentence) => sentence.verified);
  const parts = [make("div", { class: "text" }, ...paragraphs(answer, sources, open))];
  if (answer.status === "answered" || answer.status === "partial") {
    const note = !trusted ? "unverified_note" : answer.status;
    parts.push(make("p", { class: `verdict ${trusted ? answer.status : "unverified"}` }, say(note)));
    parts.push(list("sources", answer.citations.map((citation) => card(citation, open))));
  } else if (answer.hits.length) {
    const near = answer.hits.slice(0, 2).map((hit) => nearest(hit));
    parts.push(list("near", near.map((source) => card(source, open))));
  }
  return make("div", { class: `answer ${answer.status}` }, ...parts);
}

/** The answer as plain text, with its sources below it. */
export function asText(answer) {
  const sources = answer.citations.map((citation) =>
    `[${citation.number}] ${place(citation)}: “${flat(citation.quote)}”`);
  return [answer.text, ...sources].join("\n\n");
}

function* paragraphs(answer, sources, open) {
  let items = [];
  for (const line of lines(answer)) {
    const item = /^\s*[-•*]\s+(.*)$/.exec(line);
    if (item) {
      items.push(make("li", {}, ...marked(item[1], answer, sources, open)));
      continue;
    }
    if (items.length) yield make("ul", {}, ...items);
    items = [];
    yield make("p", {}, ...marked(line, answer, sources, open));
  }
  if (items.length) yield make("ul", {}, ...items);
}

/** The lines of the answer, or its sentences where it is one long line: each has its own source. */
function lines(answer) {
  const text = answer.text.trim();
  const starts = [];
  for (const sentence of text.includes("\n") ? [] : answer.sentences) {
    starts.push(text.indexOf(sentence.text, starts.at(-1) ?? 0));
  }
  if (!starts.length || starts.includes(-1)) return text.split("\n").filter((line) => line.trim());
  return starts.map((start, at) => text.slice(at ? start : 0, starts[at + 1]).trim());
}

/** A line of the answer: sentences that were not verified look so, and [1] is a button if there is a source 1. */
function* marked(line, answer, sources, open) {
  const doubtful = answer.sentences.filter((sentence) => !sentence.verified).map((sentence) => sentence.text);
  let rest = line;
  while (rest) {
    const found = doubtful.map((text) => [rest.indexOf(text), text]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
    const [at, text] = found ?? [rest.length, ""];
    yield* numbered(rest.slice(0, at), sources, open);
    if (text) {
      yield make("span", { class: "doubtful" }, ...numbered(text, sources, open),
        make("small", {}, ` (${say("unverified")})`));
    }
    rest = rest.slice(at + text.length);
  }
}

function* numbered(text, sources, open) {
  for (const part of text.split(/(\s?\[\d+\])/)) {
    const number = Number(/^\s?\[(\d+)\]$/.exec(part)?.[1]);
    if (sources.has(number)) yield marker(sources.get(number), open);
    else yield part;
  }
}

function marker(citation, open) {
  const label = say("cite", { number: citation.number, place: place(citation) });
  return make("button", {
    type: "button", class: "cite", "aria-label": label, title: label,
    onclick: (event) => open(citation, event.currentTarget),
  }, String(citation.number));
}

function list(heading, cards) {
  return make("section", { class: "sources" }, make("h3", {}, say(heading)), make("ul", {}, ...cards));
}

function card(source, open) {
  return make("li", {}, make("button", {
    type: "button", class: "card", onclick: (event) => open(source, event.currentTarget),
  },
    source.number ? make("span", { class: "number" }, String(source.number)) : null,
    make("span", { class: "title" }, source.document.title),
    make("span", { class: "origin" }, [dateName(source.document.date), where(source)].filter(Boolean).join(" · ")),
    make("span", { class: "quote" }, source.number ? make("mark", {}, flat(source.quote)) : flat(source.quote))));
}

function origin(citation, open) {
  const words = [citation.document.title, dateName(citation.document.date), where(citation)].filter(Boolean);
  return make("button", {
    type: "button", class: "link", onclick: (event) => open(citation, event.currentTarget),
  }, words.join(" · "));
}

function nearest(hit) {
  return { ...hit, page: hit.pages[0] ?? 1, quote: hit.text };
}

function place(citation) {
  return [citation.document.title, where(citation)].filter(Boolean).join(", ");
}

/** Name a place as people do: by its page, or by the headings above it where there are no pages. */
function where(source) {
  if (source.document.paged) return pageName(source.page, source.page_label);
  const path = source.heading.filter((heading) => heading !== source.document.title);
  return path.length ? say("section", { section: path.join(" › ") }) : "";
}

function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}

// The text of an answer: its paragraphs, what was not verified in them, and a button for each source.

import { make } from "./elements.js";

/** Yield the paragraphs and lists of an answer. */
export function* paragraphs(answer, chat) {
  let items = [];
  for (const line of lines(answer)) {
    const item = /^\s*[-•*]\s+(.*)$/.exec(line);
    if (item) {
      items.push(make("li", {}, ...marked(item[1], answer, chat)));
      continue;
    }
    if (items.length) yield make("ul", {}, ...items);
    items = [];
    yield make("p", {}, ...marked(line, answer, chat));
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
function* marked(line, answer, chat) {
  const doubtful = answer.sentences.filter((sentence) => !sentence.verified).map((sentence) => sentence.text);
  let rest = line;
  while (rest) {
    const found = doubtful.map((text) => [rest.indexOf(text), text]).filter(([at]) => at >= 0)
      .sort((a, b) => a[0] - b[0])[0];
    const [at, text] = found ?? [rest.length, ""];
    yield* numbered(rest.slice(0, at), answer, chat);
    if (text) {
      yield make("span", { class: "doubtful" }, ...numbered(text, answer, chat),
        make("small", {}, ` (${chat.texts.say("unverified")})`));
    }
    rest = rest.slice(at + text.length);
  }
}

function* numbered(text, answer, chat) {
  for (const part of text.split(/(\s?\[\d+\])/)) {
    const number = Number(/^\s?\[(\d+)\]$/.exec(part)?.[1]);
    const citation = answer.citations.find((one) => one.number === number);
    yield citation ? marker(citation, chat) : part;
  }
}

function marker(citation, chat) {
  const label = chat.texts.say("cite", { number: citation.number, place: chat.texts.source(citation) });
  return make("button", {
    type: "button", class: "cite", part: "cite", "aria-label": label, title: label,
    onclick: (event) => chat.open(citation, event.currentTarget),
  }, String(citation.number));
}

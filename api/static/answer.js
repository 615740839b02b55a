// How an answer looks: the quote that comes first, then the answer with its sources.

import { make } from "./elements.js";
import { paragraphs } from "./sentences.js";
import { suggestions } from "./suggestions.js";
import { enumerate, flat } from "./texts.js";

/** The quote that was found before anything is written. `chat` opens its page. */
export function quoteFirst(citation, chat) {
  const words = [citation.document.title, chat.texts.date(citation.document), chat.texts.place(citation)];
  return make("section", { class: "found" },
    make("h3", {}, chat.texts.say("found")),
    make("blockquote", {}, make("mark", {}, citation.quote)),
    make("p", {}, make("button", {
      type: "button", class: "link", onclick: (event) => chat.open(citation, event.currentTarget),
    }, words.filter(Boolean).join(" · "))));
}

/** The whole answer. */
export function finished(answer, chat) {
  const say = (key, values) => chat.texts.say(key, values);
  const parts = [make("div", { class: "text" }, ...paragraphs(answer, chat))];
  if (answer.status === "answered" || answer.status === "partial") {
    const trusted = answer.sentences.length > 0 && answer.sentences.every((sentence) => sentence.verified);
    parts.push(make("p", { class: `verdict ${trusted ? answer.status : "unverified"}` },
      say(trusted ? answer.status : "unverified_note")));
    const years = yearsOf(answer.citations);
    if (years.length > 1) parts.push(make("p", { class: "years" }, say("years", { years: enumerate(years) })));
    parts.push(cards("sources", answer.citations, chat));
  } else if (answer.hits.length) {
    parts.push(cards("near", answer.hits.slice(0, 3).map(nearest), chat));
  }
  parts.push(...answer.notices.map((notice) => make("p", { class: "remark" }, notice)));
  if (chat.contact && answer.status !== "answered") {
    parts.push(make("p", { class: "contact" }, say("contact", { contact: chat.contact })));
  }
  const next = suggestions(answer);
  if (next.length) {
    parts.push(make("section", { class: "next" },
      make("h3", {}, say("suggestions")),
      make("ul", { class: "choices" }, ...next.map((heading) => make("li", {}, make("button", {
        type: "button", class: "choice", onclick: () => chat.ask(say("suggestion", { heading })),
      }, heading))))));
  }
  return make("div", { class: `answer ${answer.status}`, part: "answer" }, ...parts);
}

/** The answer as plain text, with its sources and what made it below it. */
export function asText(answer, texts) {
  const sources = answer.citations.map((citation) =>
    `[${citation.number}] ${texts.source(citation)} (${texts.date(citation.document)}): “${flat(citation.quote)}”`);
  return [answer.text, ...sources, texts.say("ai_notice_copy")].join("\n\n");
}

/** Return the years of the documents that are cited, in order: what they say may have changed between them. */
function yearsOf(citations) {
  const dates = citations.map((citation) => citation.document.date).filter(Boolean);
  return [...new Set(dates.map((date) => date.slice(0, 4)))].sort();
}

function cards(heading, sources, chat) {
  return make("section", { class: "sources" },
    make("h3", {}, chat.texts.say(heading)),
    make("ul", {}, ...sources.map((source) => make("li", {}, card(source, chat)))));
}

function card(source, chat) {
  const quote = flat(source.quote);
  return make("button", {
    type: "button", class: "card", part: "source", onclick: (event) => chat.open(source, event.currentTarget),
  },
    source.number ? make("span", { class: "number" }, String(source.number)) : null,
    make("span", { class: "title" }, source.document.title),
    make("span", { class: "origin" },
      [chat.texts.date(source.document), chat.texts.place(source)].filter(Boolean).join(" · ")),
    make("span", { class: "quote" }, source.number ? make("mark", {}, quote) : quote));
}

function nearest(hit) {
  return { ...hit, page: hit.pages[0] ?? 1, quote: hit.text };
}

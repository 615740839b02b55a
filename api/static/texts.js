// The words of the chat: Dutch, from the service, so that no other file knows any.

export class Texts {
  /** `texts` has the keys of the service, `page.<key>`; `own` replaces some, by `<key>`. */
  constructor(texts, own = {}) {
    this.texts = texts;
    this.own = own;
  }

  /** Return the text `key` with {name} filled in. */
  say(key, values = {}) {
    const text = this.own[key] ?? this.texts[`page.${key}`] ?? key;
    return String(text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** Name a page as people do: by the number printed on it, and the viewer's number where that differs. */
  page(page, label) {
    return label && label !== String(page) ? this.say("page_label", { label, page }) : this.say("page", { page });
  }

  /** Name a place in a document: by its page, or by the headings above it where there are no pages. */
  place(source) {
    if (source.document.paged) return this.page(source.page, source.page_label);
    const path = source.heading.filter((heading) => heading !== source.document.title);
    return path.length ? this.say("section", { section: path.join(" › ") }) : "";
  }

  /** Name a document and the place in it. */
  source(source) {
    return [source.document.title, this.place(source)].filter(Boolean).join(", ");
  }

  /** Write a document's date as precise as it is known: "2019-09-17" is 17 september 2019, "2020-04" april 2020. */
  date(document) {
    const { date } = document;
    if (!date) return this.say("undated");
    const parts = date.split("-").map(Number);
    if (parts.some(Number.isNaN)) return date;
    const precision = [{}, { month: "long" }, { month: "long", day: "numeric" }][parts.length - 1];
    const moment = new Date(Date.UTC(parts[0], (parts[1] ?? 1) - 1, parts[2] ?? 1));
    return new Intl.DateTimeFormat("nl-NL", { timeZone: "UTC", year: "numeric", ...precision }).format(moment);
  }
}

/** Return "2018, 2019 en 2020". */
export function enumerate(words) {
  return new Intl.ListFormat("nl", { type: "conjunction" }).format(words);
}

/** Return the text on one line. */
export function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}

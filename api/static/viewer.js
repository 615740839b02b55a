// The page of a document beside the answer, with the quote marked on it.

import { make } from "./elements.js";
import { isPdf } from "./service.js";
import { flat } from "./texts.js";

const STEPS = 4; // sizes of the page, .zoom0 to .zoom3 in viewer.css

export class Viewer {
  /** `moved()` is called when the panel appears or goes. */
  constructor(service, texts, moved) {
    this.service = service;
    this.texts = texts;
    this.moved = moved;
    this.labels = new Map(); // the numbers printed on the pages of each document
    this.title = make("h2", { id: "view-title", tabindex: "-1" });
    this.place = make("span", { class: "place" });
    // Asked for with CORS: the service lets pages elsewhere show its images only when it knows them.
    this.image = make("img", { alt: "", crossorigin: "anonymous" });
    this.image.addEventListener("load", () => this.#loaded());
    this.image.addEventListener("error", () => this.#failed());
    this.sheet = make("div", { class: "sheet", tabindex: "0", role: "group", "aria-label": texts.say("view") }, this.image);
    this.previous = this.#button("view_previous", "‹", () => this.#turn(-1));
    this.next = this.#button("view_next", "›", () => this.#turn(1));
    this.smaller = this.#button("view_smaller", "−", () => this.#zoom(-1));
    this.larger = this.#button("view_larger", "+", () => this.#zoom(1));
    this.file = make("a", { class: "file", target: "_blank", rel: "noopener noreferrer" });
    this.words = make("p", {});
    this.reading = make("details", { class: "reading", ontoggle: () => this.#read() },
      make("summary", {}, texts.say("view_words")), this.words);
    this.panel = make("aside", { class: "viewer", part: "viewer", "aria-labelledby": "view-title", hidden: true },
      make("div", { class: "head" }, this.title, this.#button("view_close", "×", () => this.close())),
      make("div", { class: "tools" }, this.previous, this.place, this.next, this.smaller, this.larger, this.file),
      this.sheet, this.reading);
  }

  /** Show the page of `source`; `opener` gets the focus back on closing. */
  async open(source, opener) {
    this.opener?.removeAttribute("aria-expanded");
    this.source = source;
    this.opener = opener;
    this.opener.setAttribute("aria-expanded", "true");
    this.number = source.page;
    this.step = 0;
    this.title.textContent = source.document.title;
    this.panel.hidden = false;
    this.moved();
    this.#show();
    this.title.focus({ preventScroll: true });
    const { id } = source.document;
    if (this.labels.has(id)) return;
    const details = await this.service.document(id).catch(() => null); // without it, pages have their own numbers
    if (details) this.labels.set(id, details.labels);
    if (this.source === source) this.#name();
  }

  /** Close, and give the focus back; return whether the button that had it is still there. */
  close() {
    const opener = this.opener;
    this.panel.hidden = true;
    this.source = this.opener = null;
    this.moved();
    opener?.removeAttribute("aria-expanded");
    opener?.focus();
    return Boolean(opener?.isConnected);
  }

  #button(key, sign, action) {
    const name = this.texts.say(key);
    return make("button", { type: "button", "aria-label": name, title: name, onclick: action }, sign);
  }

  #turn(by) {
    this.number = Math.min(Math.max(this.number + by, 1), this.source.document.pages);
    this.#show();
  }

  #zoom(by) {
    this.step = Math.min(Math.max(this.step + by, 0), STEPS - 1);
    const middle = (this.sheet.scrollTop + this.sheet.clientHeight / 2) / this.sheet.scrollHeight;
    this.#scale();
    this.sheet.scrollTop = middle * this.sheet.scrollHeight - this.sheet.clientHeight / 2;
  }

  #show() {
    const { document: shown, quote, page } = this.source;
    this.sheet.classList.add("loading");
    this.sheet.classList.remove("broken");
    this.image.hidden = false;
    this.image.src = this.service.image(this.source, this.number);
    const words = { page: this.number, title: shown.title, quote: flat(quote) };
    this.image.alt = this.texts.say(this.number === page ? "view_alt_quote" : "view_alt", words);
    this.file.href = this.service.file(this.source, this.number);
    this.file.textContent = this.texts.say(isPdf(shown) ? "view_open" : "view_download");
    this.previous.disabled = this.number === 1;
    this.next.disabled = this.number === shown.pages;
    for (const element of [this.previous, this.next, this.place]) element.hidden = shown.pages === 1;
    this.#name();
    this.#scale();
    this.#read();
  }

  /** Bring the mark into sight: it begins at `top` (0 to 1) of the page on which the quote begins. */
  #loaded() {
    this.sheet.classList.remove("loading");
    const top = this.number === this.source?.page ? this.source.top ?? 0 : 0;
    this.sheet.scrollTo(0, top * this.image.clientHeight - this.sheet.clientHeight / 4);
  }

  /** Show the text of the page, if somebody wants to read it. */
  async #read() {
    this.words.replaceChildren();
    if (!this.reading.open || !this.source) return;
    const { source, number } = this;
    const page = await this.service.page(source.document.id, number).catch(() => null);
    if (this.source !== source || this.number !== number) return;
    if (!page) {
      this.words.textContent = this.texts.say("view_failed");
      return;
    }
    const signs = Array.from(page.text); // the service counts characters, JavaScript counts halves of some
    const [start, end] = [source.start, source.end].map((at) => Math.min(Math.max(at - page.start, 0), signs.length));
    const piece = (from, to) => signs.slice(from, to).join("");
    this.words.replaceChildren(piece(0, start), ...(end > start ? [make("mark", {}, piece(start, end))] : []),
      piece(Math.max(start, end)));
  }

  #name() {
    const label = this.labels.get(this.source.document.id)?.[this.number - 1] ?? null;
    const known = this.number === this.source.page ? this.source.page_label ?? label : label;
    this.place.textContent = known && known !== String(this.number)
      ? this.texts.page(this.number, known)
      : this.texts.say("view_place", { page: this.number, pages: this.source.document.pages });
  }

  #scale() {
    // A class for each step: the content policy forbids styles in attributes.
    this.image.className = `zoom${this.step}`;
    this.smaller.disabled = this.step === 0;
    this.larger.disabled = this.step === STEPS - 1;
  }

  #failed() {
    this.image.hidden = true;
    this.sheet.classList.remove("loading");
    this.sheet.classList.add("broken");
    this.sheet.dataset.failed = this.texts.say("view_failed");
  }
}

// The panel beside the answer: the page of a document, with the quote marked on it.

import { make } from "./elements.js";
import { pageName, say } from "./texts.js";

const STEPS = 4; // sizes of the page, .zoom0 to .zoom3 in viewer.css

export class Viewer {
  /** The panel stands in the answer whose source it shows: the styles put it beside or below that answer. */
  constructor() {
    this.details = new Map();
    this.title = make("h2", { id: "view-title", tabindex: "-1" });
    this.place = make("span", { class: "place" });
    this.image = make("img", { alt: "" });
    this.image.addEventListener("load", () => this.loaded());
    this.image.addEventListener("error", () => this.failed());
    this.sheet = make("div", { class: "sheet", tabindex: "0", role: "group", "aria-label": say("view") }, this.image);
    this.previous = this.button("view_previous", "‹", () => this.turn(-1));
    this.next = this.button("view_next", "›", () => this.turn(1));
    this.smaller = this.button("view_smaller", "−", () => this.zoom(-1));
    this.larger = this.button("view_larger", "+", () => this.zoom(1));
    this.file = make("a", { class: "file", target: "_blank", rel: "noopener noreferrer" });
    this.panel = make("aside", { class: "viewer", "aria-labelledby": "view-title" },
      make("div", { class: "head" }, this.title, this.button("view_close", "×", () => this.close())),
      make("div", { class: "tools" }, this.previous, this.place, this.next, this.smaller, this.larger, this.file),
      this.sheet);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.panel.isConnected) this.close();
    });
  }

  button(key, sign, action) {
    return make("button", { type: "button", "aria-label": say(key), title: say(key), onclick: action }, sign);
  }

  /** Show the page of `source` below `home`; `opener` gets the focus back on closing. */
  async open(source, home, opener) {
    this.opener?.removeAttribute("aria-expanded");
    this.source = source;
    this.opener = opener;
    this.opener.setAttribute("aria-expanded", "true");
    this.page = source.page;
    this.step = 0;
    this.title.textContent = source.document.title;
    home.append(this.panel);
    document.body.classList.add("viewing");
    this.show();
    this.title.focus({ preventScroll: true });
    if (getComputedStyle(this.panel).position !== "fixed") this.panel.scrollIntoView({ block: "start" });
    if (!this.details.has(source.document.id)) {
      const response = await fetch(`${this.path(source)}`).catch(() => null);
      if (response?.ok) this.details.set(source.document.id, await response.json());
      if (this.source === source) this.name();
    }
  }

  close() {
    this.panel.remove();
    document.body.classList.remove("viewing");
    this.opener?.removeAttribute("aria-expanded");
    // The button may have gone: the quote that came first makes way for the answer.
    (this.opener?.isConnected ? this.opener : document.getElementById("question")).focus();
    this.source = this.opener = null;
  }

  turn(by) {
    this.page = Math.min(Math.max(this.page + by, 1), this.source.document.pages);
    this.show();
  }

  zoom(by) {
    this.step = Math.min(Math.max(this.step + by, 0), STEPS - 1);
    const middle = (this.sheet.scrollTop + this.sheet.clientHeight / 2) / this.sheet.scrollHeight;
    this.scale();
    this.sheet.scrollTop = middle * this.sheet.scrollHeight - this.sheet.clientHeight / 2;
  }

  path(source) {
    return `api/v1/documents/${encodeURIComponent(source.document.id)}`;
  }

  show() {
    const { document: shown, start, end, quote } = this.source;
    this.sheet.classList.add("loading");
    this.sheet.classList.remove("broken");
    this.image.hidden = false;
    this.image.src = `${this.path(this.source)}/pages/${this.page}.png?quote=${start}-${end}`;
    const words = { page: this.page, title: shown.title, quote: quote.replace(/\s+/g, " ") };
    this.image.alt = say(this.page === this.source.page ? "view_alt_quote" : "view_alt", words);
    const pdf = /\.pdf$/i.test(shown.file);
    this.file.href = `${this.path(this.source)}/file${pdf ? `#page=${this.page}` : ""}`;
    this.file.textContent = say(pdf ? "view_open" : "view_download");
    this.previous.disabled = this.page === 1;
    this.next.disabled = this.page === shown.pages;
    const single = shown.pages === 1;
    for (const element of [this.previous, this.next, this.place]) element.hidden = single;
    this.name();
    this.scale();
  }

  /** Bring the mark into sight: it begins at `top` (0 to 1) of the page on which the quote begins. */
  loaded() {
    this.sheet.classList.remove("loading");
    const top = this.page === this.source?.page ? this.source.top ?? 0 : 0;
    this.sheet.scrollTo(0, top * this.image.clientHeight - this.sheet.clientHeight / 4);
  }

  name() {
    const label = this.details.get(this.source.document.id)?.labels[this.page - 1] ?? null;
    const known = this.page === this.source.page ? this.source.page_label ?? label : label;
    this.place.textContent = known && known !== String(this.page)
      ? pageName(this.page, known)
      : say("view_place", { page: this.page, pages: this.source.document.pages });
  }

  scale() {
    // A class for each step: the content policy forbids styles in attributes.
    this.image.className = `zoom${this.step}`;
    this.smaller.disabled = this.step === 0;
    this.larger.disabled = this.step === STEPS - 1;
  }

  failed() {
    this.image.hidden = true;
    this.sheet.classList.remove("loading");
    this.sheet.classList.add("broken");
    this.sheet.dataset.failed = say("view_failed");
  }
}

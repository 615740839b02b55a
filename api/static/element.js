// The element <vraagbaak-chat>: it stands in any page, and brings everything from its own server.

import { Conversation } from "./conversation.js";
import { make, picture } from "./elements.js";
import { QuestionBox } from "./question_box.js";
import { Service } from "./service.js";
import { Texts } from "./texts.js";
import { Viewer } from "./viewer.js";

const SHEETS = ["chat.css", "answer.css", "feedback.css", "viewer.css"];
const HOME = new URL("..", import.meta.url); // where this file comes from is the server, unless told otherwise

export class VraagbaakChat extends HTMLElement {
  #begun = false;
  #talk;

  /** Load and build. Until that is done, and if it fails, what stands between the tags is shown. */
  async connectedCallback() {
    if (this.#begun) return;
    this.#begun = true;
    try {
      const service = new Service(this.getAttribute("server") || HOME);
      const [start, sheets] = await Promise.all([service.start(), service.styles(SHEETS)]);
      this.#build(service, start);
      this.#show(sheets);
      this.dispatchEvent(new CustomEvent("vraagbaak-ready"));
    } catch (error) {
      this.#begun = false;
      console.warn("Vraagbaak:", error.message);
    }
  }

  disconnectedCallback() {
    this.chat?.stop();
  }

  /** Ask a question, as if somebody typed it. */
  ask(question) {
    this.open();
    return this.chat?.ask(question);
  }

  /** Show the chat behind its button. */
  open() {
    if (!this.shell?.hidden) return;
    this.shell.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.box.focus();
  }

  /** Hide the chat behind its button; the conversation stays. */
  close() {
    if (!this.launcher || this.shell.hidden) return;
    this.shell.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }

  get mode() {
    const mode = this.getAttribute("mode");
    return ["inline", "page"].includes(mode) ? mode : "button";
  }

  #build(service, start) {
    const texts = new Texts(start.texts, this.#json("texts", {}));
    const live = make("div", { id: "live", class: "unseen", role: "status", "aria-live": "polite" });
    const announce = (text) => { live.textContent = text; };
    const viewer = new Viewer(service, texts, () => this.#arrange());
    this.chat = new Conversation({
      service, texts, viewer, announce, keep: start.keep, contact: this.getAttribute("contact") ?? start.contact,
      changed: (heading) => this.#arrange(heading), refocus: () => this.box.focus(),
    });
    this.box = new QuestionBox(texts, {
      submit: (question) => this.chat.ask(question), stop: () => this.chat.stop(), announce,
      kept: start.keep === "unanswered",
    });
    this.viewer = viewer;
    this.#talk = this.#talkOf(texts, start);
    this.shell = make("div", { class: "shell", part: "panel", id: "shell", lang: "nl", onkeydown: (event) => this.#key(event) },
      make("div", { class: "columns" }, this.#talk, viewer.panel), live);
    if (this.mode === "button") this.#hideBehindButton(texts);
  }

  #show(sheets) {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets;
    root.append(...(this.launcher ? [this.launcher] : []), this.shell);
    new ResizeObserver(() => this.#arrange()).observe(this.shell);
    this.#arrange();
    if (this.mode === "page") this.#asPage();
  }

  #talkOf(texts, start) {
    const page = this.mode === "page";
    const scope = start.documents === 1 ? "documents_one" : "documents";
    const examples = this.#json("examples", start.examples);
    this.restart = make("button", { type: "button", class: "quiet", onclick: () => this.#again() }, texts.say("new"));
    this.bar = make("header", { class: "bar", part: "header" },
      make(page ? "h1" : "h2", { class: "brand" }, picture("bubble"), texts.say("title")), this.restart);
    this.start = make("section", { class: "start" },
      make(page ? "h2" : "h3", { class: "welcome" }, texts.say("heading")),
      make("p", { class: "notice" }, `${texts.say("ai_notice")} ${texts.say(scope, { count: start.documents })}`));
    this.examples = make("section", { class: "examples" },
      make(page ? "h2" : "h3", {}, texts.say("examples")),
      make("ul", { class: "choices" }, ...examples.map((question) => make("li", {}, make("button", {
        type: "button", class: "choice", onclick: () => this.#choose(question),
      }, question)))));
    this.examples.hidden = !examples.length;
    this.scroller = make("div", { class: "scroll" }, this.start, this.chat.list);
    const name = page ? {} : { "aria-label": texts.say("title") };
    return make(page ? "main" : "section", { class: "talk", ...name }, this.bar, this.scroller, this.box.form, this.examples);
  }

  #hideBehindButton(texts) {
    const close = make("button", {
      type: "button", class: "close", "aria-label": texts.say("close"), title: texts.say("close"),
      onclick: () => this.close(),
    }, "×");
    this.bar.append(close);
    this.shell.setAttribute("role", "dialog");
    this.shell.setAttribute("aria-label", texts.say("title"));
    this.shell.hidden = true;
    this.launcher = make("button", {
      type: "button", class: "launcher", part: "button", lang: "nl", "aria-expanded": "false", "aria-controls": "shell",
      onclick: () => (this.shell.hidden ? this.open() : this.close()),
    }, picture("bubble"), make("span", {}, texts.say("launch")));
  }

  /** The page of the service itself: it may take the focus, and a link to it may hold a question. */
  #asPage() {
    this.box.focus();
    const linked = () => {
      const question = new URLSearchParams(location.hash.slice(1)).get("vraag");
      if (question) this.chat.ask(question.slice(0, 2000));
    };
    addEventListener("hashchange", linked);
    linked();
  }

  /** Give everything its room; a new question comes to the top. */
  #arrange(heading) {
    const talking = this.chat.begun;
    const viewing = !this.viewer.panel.hidden;
    this.shell.classList.toggle("talking", talking);
    this.shell.classList.toggle("viewing", viewing);
    this.start.hidden = talking;
    this.examples.hidden = talking || !this.examples.querySelector("button");
    this.restart.hidden = !talking;
    this.box.busy(Boolean(this.chat.running));
    // Where there is no room beside it, the page covers the conversation, which nobody must then get lost in.
    this.#talk.inert = viewing && getComputedStyle(this.viewer.panel).position === "absolute";
    if (heading) this.#scroll((box) => heading.getBoundingClientRect().top - box.top - 8);
    // The conversation gets narrower beside a page: what opened it must not slip away.
    const opener = viewing && this.viewer.opener?.getBoundingClientRect();
    if (opener) this.#scroll((box) => Math.min(opener.top - box.top - 8, 0) || Math.max(opener.bottom - box.bottom + 8, 0));
  }

  /** Scroll the conversation, not the page around the chat, by what `distance` says of the box that scrolls. */
  #scroll(distance) {
    const scrolls = (box) => getComputedStyle(box).overflowY === "auto" && box.scrollHeight > box.clientHeight;
    const box = [this.scroller, this.#talk].find(scrolls);
    if (box) box.scrollTop += distance(box.getBoundingClientRect());
  }

  #choose(question) {
    this.chat.ask(question);
    this.box.focus();
  }

  #again() {
    this.chat.restart();
    this.box.focus();
  }

  #key(event) {
    if (event.key !== "Escape") return;
    if (!this.viewer.panel.hidden) {
      if (!this.viewer.close()) this.box.focus();
    } else if (this.launcher) this.close();
    else return;
    event.stopPropagation();
  }

  /** Return what an attribute says as JSON. */
  #json(name, otherwise) {
    const value = this.getAttribute(name);
    if (value === null) return otherwise;
    try {
      return JSON.parse(value);
    } catch (error) {
      console.warn(`Vraagbaak: the attribute ${name} is no JSON:`, error.message);
      return otherwise;
    }
  }
}

if (!customElements.get("vraagbaak-chat")) customElements.define("vraagbaak-chat", VraagbaakChat);

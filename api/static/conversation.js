// The conversation: a question goes out, events come back, the answer takes the place of the draft.

import { asText, finished, quoteFirst } from "./answer.js";
import { copyButton } from "./copying.js";
import { make } from "./elements.js";
import { thumbs } from "./feedback.js";
import { Problem } from "./service.js";

const SLOW = 8000; // milliseconds without an answer before the chat says that it takes longer
const REMEMBERED = 6; // turns of the conversation that go along with a question

export class Conversation {
  /**
   * `announce(text)` says something to who listens, `changed(heading)` is called when there is more or less to
   * see, `refocus()` when the button that had the focus has gone.
   */
  constructor({ service, texts, viewer, keep, contact, announce, changed, refocus }) {
    Object.assign(this, { service, texts, viewer, contact, announce });
    this.keep = keep; // what is kept of what people ask; "never" is also: nobody wants to hear
    this.changed = changed;
    this.refocus = refocus;
    this.list = make("div", { class: "conversation" });
    this.history = [];
    this.running = null;
  }

  get begun() {
    return this.list.childElementCount > 0;
  }

  /** Open the page of a source. */
  open(source, opener) {
    this.viewer.open(source, opener);
  }

  stop() {
    this.running?.abort();
  }

  /** Forget what was said. */
  restart() {
    this.stop();
    if (!this.viewer.panel.hidden) this.viewer.close();
    this.history = [];
    this.list.replaceChildren();
    this.changed();
    this.announce("");
  }

  /** Ask a question and show what comes of it. Does nothing while another is being answered. */
  async ask(question) {
    if (this.running) return;
    const turn = new Turn(question, this);
    const running = this.running = new AbortController();
    this.list.append(turn.article);
    this.changed(turn.heading);
    this.announce(this.texts.say("phase_search"));
    const slow = setTimeout(() => turn.phase("slow", {}, true), SLOW);
    try {
      const body = { question, history: this.history.slice(-REMEMBERED) };
      for await (const { event, data } of this.service.ask(body, running.signal)) {
        if (event === "answer") this.#remember(data);
        turn.hear(event, data);
      }
      if (!turn.done) throw new Problem({});
    } catch (error) {
      if (error.name === "AbortError") turn.stopped();
      else turn.failed(error);
    } finally {
      clearTimeout(slow);
      turn.body.removeAttribute("aria-busy");
      this.running = null;
      this.changed();
    }
  }

  /** Ask again what came to nothing. */
  again(turn) {
    turn.article.remove();
    this.ask(turn.question);
    this.refocus();
  }

  #remember(answer) {
    this.history.push({ role: "user", content: answer.question },
      { role: "assistant", content: answer.text.slice(0, 8000) });
  }
}

/** One question, and what is to be seen of its answer. */
class Turn {
  constructor(question, chat) {
    this.question = question;
    this.chat = chat;
    this.heading = make("h2", { class: "asked", tabindex: "-1" }, question);
    this.status = make("p", { class: "phase" });
    this.draft = make("p", { class: "words" });
    this.draftTitle = make("h3", {}, chat.texts.say("draft"));
    this.draftBox = make("section", { class: "draft" }, this.draftTitle, this.draft);
    this.body = make("div", { class: "body", "aria-busy": "true" }, this.status);
    this.article = make("article", {}, this.heading, this.body);
    this.phase("search");
  }

  phase(name, values = {}, aloud = false) {
    this.queued = name === "queue";
    this.status.textContent = this.chat.texts.say(`phase_${name}`, values);
    if (aloud || this.queued) this.chat.announce(this.status.textContent);
  }

  hear(event, data) {
    if (event === "status") this.phase(data.phase, data);
    if (event === "sources") {
      this.#understood(data.standalone_question);
      if (data.quote) this.body.prepend(quoteFirst(data.quote, this.chat));
      if (!this.queued) this.phase("write");
    }
    if (event === "token") {
      if (!this.draftBox.isConnected) this.status.before(this.draftBox);
      this.draft.textContent += data.text;
    }
    if (event === "answer") this.#show(data);
    if (event === "error") throw new Problem(data);
  }

  stopped() {
    const { texts, announce } = this.chat;
    this.status.remove();
    this.draftTitle.textContent = texts.say("stopped");
    if (!this.draftBox.isConnected) this.body.append(make("p", { class: "phase done" }, texts.say("stopped")));
    this.body.append(this.#retry("ask_again"));
    announce(texts.say("stopped"));
  }

  failed(error) {
    const { texts, announce } = this.chat;
    const text = error instanceof Problem ? error.message || texts.say("error") : texts.say("offline");
    this.body.replaceChildren(make("div", { class: "failed" },
      make("p", {}, text),
      error.code ? make("p", { class: "code" }, texts.say("error_code", { code: error.code })) : null,
      this.#retry("retry")));
    announce(text);
  }

  #show(answer) {
    const { texts, service, announce, keep } = this.chat;
    this.done = true;
    this.body.replaceChildren(
      finished(answer, this.chat),
      make("div", { class: "actions" },
        copyButton("copy", () => asText(answer, texts), this.chat),
        copyButton("copy_link", () => service.link(answer.standalone_question), this.chat)),
      keep === "never" ? "" : thumbs(answer, this.chat));
    announce(answer.text.replace(/\s?\[\d+\]/g, ""));
  }

  /** Say what was searched for where that is not what was asked, such as "en in 2020?". */
  #understood(searched) {
    if (searched === this.question.normalize().replace(/\s+/g, " ")) return;
    this.heading.after(make("p", { class: "understood" }, this.chat.texts.say("understood", { question: searched })));
  }

  #retry(key) {
    return make("button", { type: "button", class: "quiet retry", onclick: () => this.chat.again(this) },
      this.chat.texts.say(key));
  }
}

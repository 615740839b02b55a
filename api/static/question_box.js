// The box in which a question is typed: it grows, sends with Enter, and warns of personal data.

import { make } from "./elements.js";
import { holdsPersonalData } from "./personal.js";

const LONGEST = 2000; // characters, as the service allows
const ROWS = 8;

export class QuestionBox {
  /** `submit(question)` and `stop()` are what the buttons do. */
  constructor(texts, { submit, stop, announce, kept }) {
    this.texts = texts;
    this.submit = submit;
    this.announce = announce;
    this.running = false;
    this.field = make("textarea", {
      id: "question", rows: "1", maxlength: String(LONGEST), placeholder: texts.say("placeholder"),
      "aria-describedby": "hint", enterkeyhint: "send", required: true,
      oninput: () => this.#typed(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#send();
      },
    });
    this.sendButton = make("button", { type: "submit", id: "send", part: "send" }, texts.say("send"));
    this.stopButton = make("button", { type: "button", id: "stop", hidden: true, onclick: stop }, texts.say("stop"));
    this.caution = make("div", { class: "caution", hidden: true },
      make("p", {}, texts.say("personal")),
      make("button", { type: "button", class: "quiet", onclick: () => this.#leaveOut() }, texts.say("personal_change")),
      make("button", { type: "button", class: "quiet", onclick: () => this.#send(true) }, texts.say("personal_send")));
    this.form = make("form", {
      class: "ask", part: "question", autocomplete: "off",
      onsubmit: (event) => { event.preventDefault(); this.#send(); },
    },
      this.caution,
      make("div", { class: "box" },
        make("label", { for: "question", class: "unseen" }, texts.say("question")),
        this.field, this.sendButton, this.stopButton),
      make("p", { class: "hint", id: "hint" },
        make("span", { class: "keys" }, texts.say("hint")), ` ${texts.say("privacy")} `,
        kept ? make("span", {}, texts.say("kept")) : null));
  }

  /** Go on typing. A finger needs the room that the keyboard on the screen takes: there, a touch begins. */
  focus() {
    if (matchMedia("(hover: hover)").matches) this.field.focus({ preventScroll: true });
    else this.field.blur();
  }

  /** Show Stop instead of Send, or the other way. The focus comes back to the box from a button that goes. */
  busy(yes) {
    if (this.running === yes) return;
    this.running = yes;
    const active = this.form.getRootNode().activeElement;
    const left = [this.field, this.sendButton, this.stopButton].includes(active) || this.caution.contains(active);
    this.sendButton.hidden = yes;
    this.stopButton.hidden = !yes;
    this.caution.hidden = true;
    if (left) this.focus();
  }

  #send(sure = false) {
    const question = this.field.value.trim();
    if (!question || this.running) return;
    if (!sure && holdsPersonalData(question)) {
      this.caution.hidden = false;
      this.caution.querySelector("button").focus();
      this.announce(this.texts.say("personal"));
      return;
    }
    this.field.value = "";
    this.#typed();
    this.submit(question);
  }

  #leaveOut() {
    this.caution.hidden = true;
    this.focus();
  }

  #typed() {
    this.caution.hidden = true;
    // The box grows with its text through its number of rows: styles in attributes are forbidden here.
    this.field.rows = 1;
    while (this.field.scrollHeight > this.field.clientHeight + 2 && this.field.rows < ROWS) this.field.rows += 1;
  }
}

// Two thumbs below an answer. A thumb goes out at once; why it went down may follow, and replaces it.

import { make, picture } from "./elements.js";
import { Problem } from "./service.js";

const REASONS = ["incorrect", "wrong_source", "incomplete", "unclear", "missing"];

/** The thumbs for an answer. */
export function thumbs(answer, chat) {
  const say = (key) => chat.texts.say(key);
  const note = make("p", { class: "note", id: `note-${answer.id}` }, say("feedback_note"));
  const more = make("div", {});

  async function give(verdict, thanks) {
    let arrived = true;
    try {
      await chat.service.judge({ answer: answer.id, ...verdict });
      note.textContent = say(thanks);
    } catch (error) {
      arrived = false;
      note.textContent = (error instanceof Problem && error.message) || say("feedback_failed");
    }
    chat.announce(note.textContent);
    return arrived;
  }

  async function press(thumb, helpful) {
    if (!await give({ helpful }, helpful ? "feedback_thanks" : "feedback_kept")) return;
    for (const button of [up, down]) button.setAttribute("aria-pressed", String(button === thumb));
    more.replaceChildren(...(helpful ? [] : [why(tell, say)]));
  }

  async function tell(reason, comment) {
    if (!await give({ helpful: false, reason, comment }, "feedback_told")) return;
    more.replaceChildren();
    down.focus();
  }

  const thumb = (helpful) => make("button", {
    type: "button", class: `thumb ${helpful ? "up" : "down"}`, "aria-pressed": "false", "aria-describedby": note.id,
    "aria-label": say(helpful ? "feedback_yes" : "feedback_no"), title: say(helpful ? "feedback_yes" : "feedback_no"),
    onclick: (event) => press(event.currentTarget, helpful),
  }, picture("thumb"));
  const [up, down] = [thumb(true), thumb(false)];
  return make("section", { class: "thumbs" }, make("h3", {}, say("feedback")), up, down, note, more);
}

/** What is wrong: a reason to choose and words of one's own, neither of them needed. */
function why(tell, say) {
  const comment = make("textarea", { rows: "2", maxlength: "1000" });
  return make("form", {
    class: "why",
    onsubmit: (event) => {
      event.preventDefault();
      tell(new FormData(event.currentTarget).get("reason"), comment.value);
    },
  },
    make("fieldset", {},
      make("legend", {}, say("feedback_why")),
      ...REASONS.map((reason) => make("label", {},
        make("input", { type: "radio", name: "reason", value: reason }), say(`reason_${reason}`)))),
    make("label", {}, say("feedback_comment"), comment),
    make("button", { type: "submit", class: "quiet" }, say("feedback_send")));
}

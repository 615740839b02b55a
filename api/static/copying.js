// Buttons that put something on the clipboard.

import { make } from "./elements.js";

const THANKS = 2000; // milliseconds

/** A button with the text `key` that copies what `content()` returns. */
export function copyButton(key, content, chat) {
  return make("button", {
    type: "button", class: "quiet", onclick: async (event) => {
      const button = event.currentTarget;
      const done = await copy(content(), button);
      button.textContent = chat.texts.say(done ? "copied" : "copy_failed");
      chat.announce(button.textContent);
      setTimeout(() => { button.textContent = chat.texts.say(key); }, THANKS);
    },
  }, chat.texts.say(key));
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain http, as on many intranets, browsers have no clipboard but this older way.
    const field = make("textarea", { class: "unseen", "aria-hidden": "true" });
    field.value = text;
    button.after(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    button.focus();
    return done;
  }
}

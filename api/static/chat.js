// The conversation: a question goes out, events come back, the answer takes the place of the draft.

import { asText, finished, quoteFirst } from "./answer.js";
import { make } from "./elements.js";
import { Problem, ask } from "./events.js";
import { thumbs } from "./feedback.js";
import { loadTexts, say } from "./texts.js";
import { Viewer } from "./viewer.js";

const SLOW = 8000; // milliseconds without an answer before the page says that it takes longer
const REMEMBERED = 6; // turns of the conversation that go along with a question

const find = (id) => document.getElementById(id);
const form = find("ask"), box = find("question"), conversation = find("conversation");
let history = [];
let running = null;
let viewer = null;
let keep = "never"; // what is kept of what people ask; "never" is also: nobody wants to hear

begin();

async function begin() {
  const start = await loadTexts();
  viewer = new Viewer();
  find("scope").textContent = start.documents === 1
    ? say("documents_one") : say("documents", { count: start.documents });
  keep = start.keep;
  if (keep === "unanswered") find("kept").textContent = say("kept");
  find("examples").querySelector("ul").append(...start.examples.map((question) =>
    make("li", {}, make("button", { type: "button", class: "example", onclick: () => submit(question) }, question))));
  arrange();
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(box.value); });
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(box.value);
  });
  find("stop").addEventListener("click", () => running?.abort());
  find("new").addEventListener("click", startAgain);
  if (matchMedia("(hover: hover)").matches) box.focus();
  document.body.dataset.ready = "true";
}

function submit(text) {
  const question = text.trim();
  if (!question || running) return;
  box.value = "";
  fit();
  answer(question);
}

async function answer(question) {
  const heading = make("h2", { class: "asked", tabindex: "-1" }, question);
  const status = make("p", { class: "phase" }, say("phase_search"));
  const body = make("div", { class: "body", "aria-busy": "true" }, status);
  const article = make("article", {}, heading, body);
  const open = (source, opener) => viewer.open(source, article, opener);
  const draft = make("p", { class: "words" });
  const draftBox = make("section", { class: "draft" }, make("h3", {}, say("draft")), draft);
  conversation.append(article);
  busy(true);
  heading.scrollIntoView({ block: "start" });
  announce(say("phase_search"));
  const slow = setTimeout(() => { status.textContent = say("phase_slow"); }, SLOW);
  running = new AbortController();
  try {
    for await (const { event, data } of ask({ question, history: history.slice(-REMEMBERED) }, running.signal)) {
      if (event === "status") status.textContent = say(`phase_${data.phase}`, data);
      if (event === "sources") {
        understood(data.standalone_question, question, heading);
        if (data.quote) body.prepend(quoteFirst(data.quote, open));
        status.textContent = say("phase_write");
      }
      if (event === "token") {
        if (!draftBox.isConnected) status.before(draftBox);
        draft.textContent += data.text;
      }
      if (event === "answer") show(data, body, open);
      if (event === "error") throw new Problem(data);
    }
    if (body.contains(status)) throw new Problem({});
  } catch (error) {
    status.remove();
    if (error.name === "AbortError") stopped(draftBox, body);
    else failed(error, body, article, question);
  } finally {
    clearTimeout(slow);
    body.removeAttribute("aria-busy");
    running = null;
    busy(false);
  }
}

function show(answer, body, open) {
  // The page of the first quote may be open: it stays, only what led to the answer goes.
  body.replaceChildren(finished(answer, open), copyButton(answer), keep === "never" ? "" : thumbs(answer, announce));
  history.push({ role: "user", content: answer.question }, { role: "assistant", content: answer.text.slice(0, 8000) });
  announce(answer.text.replace(/\s?\[\d+\]/g, ""));
}

/** Say what was searched for where that is not what was asked, such as "en in 2020?". */
function understood(searched, question, heading) {
  if (searched === question.normalize().replace(/\s+/g, " ")) return;
  heading.after(make("p", { class: "understood" }, say("understood", { question: searched })));
}

function stopped(draftBox, body) {
  draftBox.querySelector("h3").textContent = say("stopped");
  if (!draftBox.isConnected) body.append(make("p", { class: "phase done" }, say("stopped")));
  announce(say("stopped"));
}

function failed(error, body, article, question) {
  const text = error instanceof Problem ? error.message || say("error") : say("offline");
  body.replaceChildren(make("div", { class: "failed" },
    make("p", {}, text),
    error.code ? make("p", { class: "code" }, say("error_code", { code: error.code })) : null,
    make("button", { type: "button", onclick: () => again(article, question) }, say("retry"))));
  announce(text);
}

function again(article, question) {
  if (article.contains(viewer.panel)) viewer.close();
  article.remove();
  answer(question);
}

function copyButton(answer) {
  if (!navigator.clipboard) return "";
  return make("button", {
    type: "button", class: "quiet copy", onclick: async (event) => {
      const button = event.currentTarget;
      await navigator.clipboard.writeText(asText(answer));
      button.textContent = say("copied");
      setTimeout(() => { button.textContent = say("copy"); }, 2000);
    },
  }, say("copy"));
}

function startAgain() {
  running?.abort();
  if (viewer.panel.isConnected) viewer.close();
  history = [];
  conversation.replaceChildren();
  arrange();
  announce("");
  box.focus();
}

function busy(yes) {
  arrange();
  const left = document.activeElement === find(yes ? "send" : "stop") || document.activeElement === document.body;
  find("send").hidden = yes;
  find("stop").hidden = !yes;
  // A finger needs the room that the keyboard on the screen takes; keys need to stay where they were.
  if (matchMedia("(hover: none)").matches) box.blur();
  else if (left) box.focus();
}

/** Begin with the heading and examples; once there is a conversation, that takes the room. */
function arrange() {
  const talking = conversation.childElementCount > 0;
  document.body.classList.toggle("talking", talking);
  find("start").hidden = talking;
  find("examples").hidden = talking || !find("examples").querySelector("button");
  find("new").hidden = !talking;
}

/** Say something once to who listens to the page; the words that stream in are never read out. */
function announce(text) {
  find("live").textContent = text;
}

function fit() {
  // The box grows with its text through its number of rows: styles in attributes are forbidden here.
  box.rows = 1;
  while (box.scrollHeight > box.clientHeight + 2 && box.rows < 8) box.rows += 1;
}

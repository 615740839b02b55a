// Shows only the questions of one trouble that hold the words typed. Without a script, all are shown.
const filter = document.querySelector(".filter");
const questions = [...document.querySelectorAll("details.question")];
const buttons = [...filter.querySelectorAll("button")];
const words = filter.querySelector("input");
let wanted = "*";

function show() {
  const typed = words.value.trim().toLowerCase();
  for (const question of questions) {
    const fits = wanted === "*" || question.dataset.trouble === wanted || (wanted === "!" && question.dataset.trouble);
    question.hidden = !fits || !question.textContent.toLowerCase().includes(typed);
  }
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === wanted));
}

for (const button of buttons) button.addEventListener("click", () => { wanted = button.value; show(); });
words.addEventListener("input", show);
filter.hidden = false;
show();

// A page shows the part around its mark, and all of it when it is touched.
for (const page of document.querySelectorAll(".window")) {
  page.addEventListener("click", () => page.classList.toggle("whole"));
  page.addEventListener("keydown", (event) => { if (event.key === "Enter") page.classList.toggle("whole"); });
}

// A link to a question opens it, whatever is filtered.
function follow() {
  const question = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!question) return;
  question.hidden = false;
  question.open = true;
  question.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();

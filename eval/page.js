// Shows only the questions of one trouble that hold the words typed. Without a script, all are shown.
const filter = document.querySelector(".filter");
const questions = [...document.querySelectorAll("details")];
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

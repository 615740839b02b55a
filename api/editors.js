// While documents are taken in, the page says how far that is; then it shows itself anew.
const here = document.querySelector("[role=status]");

async function look() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[role=status]");
  if (!now) location.reload();
  if (here.textContent !== now?.textContent) here.textContent = now?.textContent ?? "";
  if (now) setTimeout(look, 2000);
}

if (here) setTimeout(look, 2000);

// The wall shows the contributions that fit wholly, and says how many more there are. Without scripts, the list scrolls.

function fit() {
  const list = document.querySelector(".wall-said");
  if (!list) return;
  const [side, rows, more] = [list.closest(".wall-side"), [...list.children], document.querySelector("[data-more]")];
  for (let shown = rows.length; shown >= 0; shown--) {
    rows.forEach((row, n) => { row.hidden = n >= shown; });
    more.hidden = !shown || shown >= Number(more.dataset.all); // without any, the heading says how many there are
    more.textContent = more.dataset.more.replace("[n]", Number(more.dataset.all) - shown);
    if (side.scrollHeight <= side.clientHeight) return;
  }
}
document.addEventListener("collab:swapped", fit);
window.addEventListener("resize", fit);
document.fonts.ready.then(fit);
fit();

// Counts down to a time given by the server, by the server's clock.
//   <div data-timer data-now="ISO" data-ends-at="ISO" data-starts-at="ISO" data-over="Time is up">
//     <b data-timer-left></b><progress data-timer-bar></progress></div>
// A stopped timer has data-left="seconds" instead of data-ends-at. The last fifth is "soon", after it "over".

let offset = 0;

function sync(element) {
  const now = Date.parse(element.dataset.now ?? "");
  if (Number.isFinite(now) && element.dataset.syncedWith !== element.dataset.now) {
    offset = now - (performance.timeOrigin + performance.now());
    element.dataset.syncedWith = element.dataset.now;
  }
}
const serverNow = () => performance.timeOrigin + performance.now() + offset;

export function clockText(seconds) {
  const whole = Math.abs(Math.trunc(seconds));
  const sign = seconds <= -1 ? "+" : "";
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return sign + (hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`);
}

function secondsLeft(element) {
  if (element.dataset.left !== undefined && element.dataset.left !== "") return Number(element.dataset.left);
  const end = Date.parse(element.dataset.endsAt ?? "");
  return Number.isFinite(end) ? (end - serverNow()) / 1000 : NaN;
}

function totalOf(element) {
  const span = (Date.parse(element.dataset.endsAt ?? "") - Date.parse(element.dataset.startsAt ?? "")) / 1000;
  return Number(element.dataset.total) || (Number.isFinite(span) ? span : 0);
}

function show(element) {
  sync(element);
  const left = secondsLeft(element);
  if (Number.isNaN(left)) return;
  const total = totalOf(element);
  const text = clockText(left > 0 ? Math.ceil(left) : Math.ceil(left - 1e-9));
  for (const place of element.querySelectorAll("[data-timer-left]")) {
    if (place.textContent !== text) place.textContent = text;
  }
  for (const bar of element.querySelectorAll("progress[data-timer-bar]")) {
    if (total > 0) { bar.max = total; bar.value = Math.min(total, Math.max(0, total - left)); }
  }
  const state = left <= 0 ? "over" : total > 0 && left <= total / 5 ? "soon" : "running";
  if (element.dataset.timerState !== state) {
    const before = element.dataset.timerState;
    element.dataset.timerState = state;
    if (state === "over" && before) announce(element);
  }
}

// Announced once per item, in the page's region for alerts.
function announce(element) {
  const place = document.getElementById("alerts");
  const key = element.dataset.endsAt ?? "";
  if (!place || !element.dataset.over || place.dataset.said === key) return;
  place.dataset.said = key;
  place.textContent = element.dataset.over;
}

function tick() {
  for (const element of document.querySelectorAll("[data-timer]")) show(element);
}
// Four updates per second keep the displayed second accurate at almost no cost.
setInterval(tick, 250);
document.addEventListener("htmx:load", tick);
document.addEventListener("visibilitychange", tick);
tick();

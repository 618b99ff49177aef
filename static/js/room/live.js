// Keeps a live page equal to the meeting. The stream names regions that changed; those that are behind are fetched, one
// request at a time. Answers to the user's own forms go the same way, so that neither replaces something newer.
//
//   <div id="live" data-page="…" data-stream="…" data-revision="12">
//     <div id="room" data-follows="room" data-item="…"> … <div id="people" data-follows="people"> … </div></div></div>
//
// An element with data-follows is a region; its id is its name, and it is fetched when one of these is announced.

// By the address in the page: in production, it has a hash of the contents.
const { Revisions } = await import(document.querySelector("script[data-revisions]").src);

const REGIONS = ["agenda", "item", "contributions", "decisions", "people", "clock", "teaching", "pulse", "room"];
const SILENCE = 40_000; // milliseconds without any event, after which the connection is dead; the server's ping is every 15 s
const PATIENCE = 20_000;
const live = document.getElementById("live");
const known = new Revisions(Number(live.dataset.revision));
const shownItem = () => document.getElementById("room")?.dataset.item ?? "";
const send = () => ({ "Room-Item": shownItem(), "Room-Drawn": String(known.at("contributions")) });

// ---- What the stream says

let source = null;
let heardAt = 0;
let seen = live.dataset.revision; // all regions that changed until then were announced

// Opening the stream asks what has changed since the page was drawn: after any gap the page reads what it lacks.
function listen() {
  source?.close();
  heardAt = Date.now();
  source = new EventSource(`${live.dataset.stream}?since=${seen}`);
  source.addEventListener("open", () => document.dispatchEvent(new Event("collab:connected")));
  source.addEventListener("alive", () => { heardAt = Date.now(); fetchSoon(); });
  source.addEventListener("signed-out", (event) => { document.getElementById("signed-out").innerHTML = event.data; source.close(); source = null; });
  for (const name of REGIONS) {
    source.addEventListener(name, (event) => {
      heardAt = Date.now();
      seen = event.lastEventId || seen;
      announce(name, Number(event.data));
      fetchSoon();
    });
  }
}
function announce(name, revision) {
  if (name === "room") known.announce("room", revision);
  for (const region of document.querySelectorAll(`#live [data-follows~="${name}"]`)) known.announce(region.id, revision);
}
const isSilent = () => source && (source.readyState === EventSource.CLOSED || Date.now() - heardAt > SILENCE);
setInterval(() => { if (isSilent()) listen(); }, 5000);
window.addEventListener("online", listen);
window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  refetch("clock"); // the timer is wrong after the machine has slept
  if (isSilent()) listen();
});

// ---- What is fetched

const again = new Set(); // regions to fetch although they are not behind
let isFetching = false;
let failures = 0;

function refetch(region) { again.add(region); fetchSoon(); }

async function fetchSoon() {
  const names = [...new Set([...known.behind(), ...again])].filter((name) => document.getElementById(name));
  if (isFetching || !names.length) return;
  isFetching = true;
  again.clear();
  const is = await fetched(names);
  isFetching = false;
  failures = is ? 0 : failures + 1;
  if (is) { fetchSoon(); return; }
  names.forEach((name) => again.add(name));
  setTimeout(fetchSoon, Math.min(1000 * failures, 8000));
}

async function fetched(names) {
  const query = new URLSearchParams(names.map((name) => ["region", name]));
  try {
    const answer = await fetch(`${live.dataset.page}?${query}`, {
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, ...send() },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (leaves(answer)) return await new Promise(() => {}); // nothing more from this page
    if (!answer.ok || !answer.headers.has("Room-Revision")) return false;
    return draw(answer.headers, await answer.text());
  } catch { return false; }
}

// After signing out, or when the meeting is no longer theirs, the user is led to what there is instead.
function leaves(answer) {
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  else if (answer.headers.has("HX-Refresh") || [403, 404].includes(answer.status)) location.reload();
  else return false;
  return true;
}

// ---- What is shown

// Show what is not older than the page. Returns whether anything was.
function draw(headers, html) {
  const revision = Number(headers.get("Room-Revision"));
  const taken = headers.get("Room-Regions").split(" ").filter((region) => known.take(region, revision));
  const parts = document.createElement("template");
  parts.innerHTML = html;
  for (const part of [...parts.content.children]) {
    const region = part.dataset.follows === undefined ? "contributions" : part.id; // rows alone say where they go
    if (!taken.includes(region)) part.remove();
    else if (!part.hasAttribute("hx-swap-oob")) part.setAttribute("hx-swap-oob", "true");
  }
  if (parts.content.children.length) keeping(() => window.htmx.swap(live, parts.innerHTML, { swapStyle: "none", swapDelay: 0, settleDelay: 0 }));
  return taken.length > 0;
}

// What the user has opened stays open, and the focus where it was.
function keeping(swap) {
  const opened = [...document.querySelectorAll("#live [data-follows] details")].filter((one) => one.open).map(placeOf);
  const dialog = document.querySelector("#room dialog[open]")?.id ?? "";
  document.dispatchEvent(new Event("collab:swaps"));
  swap();
  for (const one of document.querySelectorAll("#live [data-follows] details")) if (opened.includes(placeOf(one))) one.open = true;
  const now = dialog && document.getElementById(dialog);
  if (now && !now.open) now.showModal();
  document.dispatchEvent(new Event("collab:swapped")); // static/js/focus.js
}
// By its own id or the nearest one around it: another element may have come before it.
const placeOf = (details) => {
  const named = details.closest("[id]");
  return `${named.id} ${[...named.querySelectorAll("details")].indexOf(details)}`;
};

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get" && live.contains(event.detail.target)) Object.assign(event.detail.headers, send());
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.getResponseHeader("Room-Revision")) return;
  event.detail.shouldSwap = false;
  draw({ get: (name) => xhr.getResponseHeader(name) }, xhr.response);
  fetchSoon();
});
// An answer without a revision, such as an action item that was ticked, may be older than what was here.
document.addEventListener("htmx:afterSwap", (event) => {
  const region = event.detail.requestConfig && event.target.closest?.("#live [data-follows]");
  if (region && region.id !== "next") refetch(region.id);
});

listen();

// No form loses what was typed: not by an error, an expired session, Back, or a closed tab. Each form that is posted keeps
// what was changed in it in this browser, for its user and its address, until the server has saved it, the user signs out or another signs in.
//
// <form data-draft="say-…" data-about="Reading night"> names a form whose address changes, as with the current item of a
// meeting. What was typed goes to the address it was typed for, unless the user takes it over for the current one.
// Passwords, codes and files are never kept; data-no-draft excludes a form. A form with data-filled was filled by the server from
// what was sent: what was typed before that stays kept, and is put into the form only when its page is opened anew. All that is in it is
// kept too: as the page has other fields when it is opened anew, it is sent once more with the form's first named button.

const PREFIX = "draft:";
const KEEP_DAYS = 14;
const LONGEST = 200_000;
const NEVER = "[type=password], [type=file], [type=submit], [type=button], [type=hidden], [autocomplete=one-time-code]";
const VERSIONS = "[type=hidden][name=version], [type=hidden][name=seen]"; // what the user started from
const OWN = ["csrfmiddlewaretoken", "form_key"]; // of a page, not typed
const words = () => document.getElementById("words")?.dataset ?? {};
const user = document.body.dataset.user;

// ---- A form and its fields

const isKept = (form) =>
  Boolean(user) && form.getAttribute("method")?.toLowerCase() === "post" && !form.hasAttribute("data-no-draft") &&
  !form.querySelector("[type=password], [autocomplete=one-time-code]");
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches("input, textarea, select") && !one.matches(NEVER));
const versionsOf = (form) => [...form.elements].filter((one) => one.matches?.(VERSIONS));
const addressOf = (form) => form.getAttribute("action") || location.pathname + location.search;
// The query is part of it: ?student= says whose plan is written.
const placeOf = (form) => PREFIX + user + ":" + (form.dataset.draft ?? addressOf(form)) + "|";
const filledOf = (form) => placeOf(form) + "filled";
const keyOf = (form) => placeOf(form) + [...new Set(fieldsOf(form).map((one) => one.name))].slice(0, 4).join();

function valueOf(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked;
  return field.matches("select") ? [...field.selectedOptions].map((one) => one.value) : field.value;
}
function put(field, value) {
  if (field.matches("[type=checkbox], [type=radio]")) field.checked = value;
  else if (field.matches("select")) for (const one of field.options) one.selected = value.includes(one.value);
  else field.value = value;
}
function isChanged(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const marked = [...field.options].some((one) => one.defaultSelected);
  return [...field.options].some((one, n) => one.selected !== (marked || field.multiple ? one.defaultSelected : n === 0));
}
// Fields of one name are told apart by their order; radio buttons also by their values.
const nameOf = (field, all) => `${field.name}#${all.filter((one) => one.name === field.name).indexOf(field)}`;

// ---- What is kept

function read(key) {
  try { return JSON.parse(localStorage.getItem(key) ?? "null"); } catch { return null; }
}
function write(key, draft) {
  const text = JSON.stringify(draft);
  try { if (text.length <= LONGEST) localStorage.setItem(key, text); } catch { /* storage is full or forbidden: the text stays in its field */ }
}
function remove(keys) {
  try { for (const key of keys) localStorage.removeItem(key); } catch { /* nothing was kept */ }
}
const allKeys = (prefix) => { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } };

function store(form, more = {}) {
  if (form.hasAttribute("data-filled")) {
    const draft = read(keyOf(form));
    if (draft) write(keyOf(form), { ...draft, ...more });
    const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OWN.includes(name));
    write(filledOf(form), { at: Date.now(), pairs, ...more });
    return;
  }
  const all = fieldsOf(form);
  const before = read(keyOf(form));
  // The page of a refused form starts with what was typed: it is kept although it has not changed there.
  const kept = all.filter((one) => isChanged(one) || before?.fields?.[nameOf(one, all)] !== undefined);
  if (!kept.length) { remove([keyOf(form)]); return; }
  write(keyOf(form), {
    at: Date.now(),
    address: addressOf(form),
    about: form.dataset.typedFor ?? form.dataset.about ?? "",
    fields: Object.fromEntries(kept.map((one) => [nameOf(one, all), valueOf(one)])),
    versions: Object.fromEntries(versionsOf(form).map((one) => [one.name, one.value])),
    ...more,
  });
}

function restore(form) {
  if (form.hasAttribute("data-filled")) { store(form); return; }
  const filled = read(filledOf(form));
  if (filled?.pairs) {
    note(form, words().restored, [[words().putBack, () => sendAgain(form, filled.pairs)], [words().discard, () => { remove(allKeys(placeOf(form))); note(form, ""); }]]);
    return;
  }
  const draft = read(keyOf(form));
  if (!draft?.fields) return;
  const all = fieldsOf(form);
  const lost = all.filter((one) => {
    const value = draft.fields[nameOf(one, all)];
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(valueOf(one));
  });
  if (!lost.length) return;
  for (const one of lost) put(one, draft.fields[nameOf(one, all)]);
  for (const one of versionsOf(form)) one.value = draft.versions?.[one.name] ?? one.value;
  if (form.dataset.draft && draft.address !== addressOf(form)) { aim(form, draft); return; }
  note(form, words().restored, [[words().discard, () => { remove([keyOf(form)]); form.reset(); note(form, ""); }]]);
}

function sendAgain(form, pairs) {
  const copy = Object.assign(document.createElement("form"), { method: "post", action: addressOf(form), hidden: true });
  copy.dataset.noDraft = "";
  const again = form.querySelector("button[name]");
  const all = [...OWN.map((name) => [name, form.elements[name]?.value ?? ""]), ...pairs, [again.name, again.value]];
  copy.append(...all.map(([name, value]) => Object.assign(document.createElement("textarea"), { name, value })));
  document.body.append(copy);
  copy.submit();
}

// The form is sent to where its text was typed.
function aim(form, draft) {
  const here = addressOf(form);
  form.setAttribute("action", draft.address);
  form.dataset.typedFor = draft.about;
  note(form, (words().typedFor ?? "").replace("[item]", draft.about), [[words().takeOver, () => { home(form, here); store(form); note(form, ""); }]]);
}
function home(form, address = form.getAttribute("hx-post")) {
  if (form.dataset.typedFor === undefined) return;
  form.setAttribute("action", address);
  delete form.dataset.typedFor;
}

function note(form, text, buttons = []) {
  let place = form.querySelector(":scope > .draft-note");
  if (!place && text) {
    place = document.createElement("p");
    place.className = "draft-note";
    place.setAttribute("role", "status");
    form.append(place);
  }
  if (!place) return;
  place.textContent = text ?? "";
  place.hidden = !text;
  for (const [label, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = label;
    button.addEventListener("click", act);
    place.append(" ", button);
  }
}

// ---- When

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.form;
    if (form && isKept(form) && !event.target.matches(NEVER)) { store(form); if (form.dataset.typedFor === undefined) note(form, ""); }
  });
}
// Without a connection, a form stays and is sent when the connection is back, unless something else is typed before that.
const waiting = new Map(); // form → the button that was pressed
function wait(form, button) {
  waiting.set(form, button);
  note(form, words().waits);
}
function sendWaiting() {
  const forms = [...waiting];
  waiting.clear();
  for (const [form, button] of forms) if (form.isConnected) form.requestSubmit(button?.isConnected ? button : undefined);
}
window.addEventListener("online", sendWaiting);
document.addEventListener("collab:connected", sendWaiting); // by a live page's stream
document.addEventListener("input", (event) => waiting.delete(event.target.form));
// The browser would leave the page for an error.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || !isKept(form) || form.matches("[hx-post]")) return;
  event.preventDefault();
  event.stopPropagation(); // nothing disables its buttons
  wait(form, event.submitter);
}, true);
document.addEventListener("htmx:sendError", (event) => {
  const form = event.detail.elt;
  if (form?.matches?.("form[hx-post]") && isKept(form)) wait(form, event.detail.requestConfig.triggeringEvent?.submitter);
});
// A form that leaves the page: the page that follows names the keys of saved forms in a cookie.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (isKept(form) && (form.hasAttribute("data-filled") || read(keyOf(form)))) store(form, { sent: form.querySelector("[name=form_key]")?.value });
}, true);
function forgetSaved() {
  const saved = /(?:^|; )saved_form=([0-9a-zA-Z-]+)/.exec(document.cookie)?.[1];
  if (!saved) return;
  document.cookie = "saved_form=; path=/; max-age=0; samesite=lax";
  for (const key of allKeys(`${PREFIX}${user}:`)) {
    if (read(key)?.sent === saved) remove(allKeys(key.slice(0, key.lastIndexOf("|") + 1)));
  }
}
// htmx reports the outcome; only a response of 2xx or 3xx means that the text is safe on the server.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches("form[data-typed-for]")) event.detail.path = form.getAttribute("action");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt; // a button in a form with a request of its own, such as a trial, does not save the form
  if (!form?.matches?.("form") || event.detail.requestConfig?.verb === "get" || !isKept(form)) return;
  if (event.detail.successful) { remove(allKeys(placeOf(form))); home(form); note(form, ""); }
  else if (read(keyOf(form))) note(form, words().kept);
});
document.addEventListener("htmx:load", (event) => formsIn(event.detail.elt).forEach(restore));
const formsIn = (root) => [...(root.matches?.("form") ? [root] : []), ...(root.querySelectorAll?.("form") ?? [])].filter(isKept);
document.addEventListener("click", (event) => {
  // Signing out on a shared machine deletes all drafts.
  if (event.target.closest('form[action*="logout"] button')) remove(allKeys(PREFIX));
});

// The minutes say what was typed in their meeting and never sent: its forms are gone when it is closed.
function showUnsent(place) {
  const ofMeeting = (key) => key.slice(0, key.lastIndexOf("|")).endsWith(`-${place.dataset.unsentOf}`);
  const keys = allKeys(`${PREFIX}${user}:`).filter(ofMeeting);
  const values = keys.flatMap((key) => Object.values(read(key)?.fields ?? {}));
  const texts = values.filter((value) => typeof value === "string" && /\p{L}/u.test(value));
  place.hidden = !texts.length;
  place.querySelector("ul").replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  place.querySelector("button").onclick = () => { remove(keys); place.hidden = true; };
}

const oldest = Date.now() - KEEP_DAYS * 86400000;
remove(allKeys(PREFIX).filter((key) => !(read(key)?.at >= oldest)));
// An expired session leaves its drafts for the same user. Somebody else who signs in deletes them.
if (user) remove(allKeys(PREFIX).filter((key) => !key.startsWith(`${PREFIX}${user}:`)));
forgetSaved();
formsIn(document).forEach(restore);
document.querySelectorAll("[data-unsent-of]").forEach(showUnsent);
window.addEventListener("pageshow", (event) => { if (event.persisted) { forgetSaved(); formsIn(document).forEach(restore); } });

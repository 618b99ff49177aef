// Charts arrive as drawings (SVG). When one is in view and the page is idle, Plotly takes its place in the same box: it
// names what one points at, and a click opens the page of it. One at a time; not where data are saved, where a button
// does it; never on paper. The table beneath opens the same pages by keyboard. Colors are the theme's, also when it changes.

const self = document.querySelector('script[src*="js/charts"][data-plotly]');
const words = () => document.getElementById("words")?.dataset ?? {};
const savesData = navigator.connection?.saveData ?? false;
const isTouched = matchMedia("(pointer: coarse)").matches;
const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
const parts = (figure) => ({
  drawing: figure.querySelector("[data-chart-drawing]"),
  plot: figure.querySelector("[data-chart-plot]"),
  button: figure.querySelector("[data-chart-explore]"),
  json: figure.querySelector("script[type='application/json']"),
});
let loading;

function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = self.dataset.plotly;
    script.nonce = self.nonce;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { loading = undefined; reject(new Error("Plotly")); };
    document.head.append(script);
  });
  return loading;
}

// Plotly includes English only: names of days and months and number separators come from the browser.
function localeOf(lang) {
  const write = (options) => new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" });
  const days = (weekday) => Array.from({ length: 7 }, (_, i) => write({ weekday }).format(Date.UTC(2023, 0, 1 + i))); // a week from a Sunday
  const months = (month) => Array.from({ length: 12 }, (_, i) => write({ month }).format(Date.UTC(2023, i, 1)));
  const mark = (type) => new Intl.NumberFormat(lang).formatToParts(1234567.8).find((part) => part.type === type).value;
  const isDayFirst = write({ month: "short", day: "numeric" }).formatToParts(0)[0].type === "day";
  const dayMonth = isDayFirst ? "%-d %b" : "%b %-d";
  return {
    moduleType: "locale",
    name: lang,
    dictionary: {},
    format: {
      days: days("long"), shortDays: days("short"), months: months("long"), shortMonths: months("short"),
      decimal: mark("decimal"), thousands: mark("group"),
      year: "%Y", month: "%b %Y", dayMonth, dayMonthYear: isDayFirst ? "%-d %b %Y" : "%b %-d, %Y",
    },
  };
}

// The page of the point or the ribbon under the mouse; only ever one of this site.
function pageOf(event) {
  const page = event.points[0]?.customdata ?? event.points[0]?.data?.meta?.page;
  return typeof page === "string" && /^\/(?!\/)/.test(page) ? page : null;
}

// As a click on a link, so that a value's page opens over this one.
function follow(page, plot) {
  const link = document.createElement("a");
  link.href = page;
  plot.after(link);
  link.click();
  link.remove();
}

// The figure with the colors of the theme in place of its references to tokens: Plotly knows no custom properties.
function figureOf(figure) {
  const { json } = parts(figure);
  const theme = getComputedStyle(document.documentElement);
  const colors = (_, name) => JSON.stringify(theme.getPropertyValue(name).trim());
  const { data, layout, config } = JSON.parse(json.textContent.replace(/"var\((--[\w-]+)\)"/g, colors));
  return { data, layout: { ...layout, dragmode: isTouched ? false : layout.dragmode, uirevision: "kept" }, config };
}

// A screen reader gets the plot's name as it had the drawing's; the values are in the table.
function nameOf(figure) {
  const drawn = parts(figure).drawing.querySelector("[role=img]")?.getAttribute("aria-label");
  return drawn || figure.querySelector(".chart-title")?.textContent.trim() || "";
}

function show(figure, isPlot) {
  const { drawing, plot } = parts(figure);
  drawing.hidden = isPlot;
  plot.hidden = !isPlot;
}

// The plot is made while the drawing is still seen, in a box of its size, so that nothing on the page moves.
async function upgrade(figure) {
  if (figure.dataset.upgraded) return;
  figure.dataset.upgraded = "begun";
  const { drawing, plot, button } = parts(figure);
  const Plotly = await loadPlotly();
  const locale = document.documentElement.lang;
  if (locale !== "en") Plotly.register(localeOf(locale));
  const box = drawing.getBoundingClientRect();
  if (!figure.isConnected || !box.width) { delete figure.dataset.upgraded; return; }
  const size = { width: box.width, height: box.height };
  const { data, layout, config } = figureOf(figure);
  await Plotly.newPlot(plot, data, { ...layout, ...size }, { ...config, locale });
  plot.on("plotly_click", (event) => { if (pageOf(event)) follow(pageOf(event), plot); });
  plot.on("plotly_hover", (event) => plot.classList.toggle("opens", Boolean(pageOf(event))));
  plot.on("plotly_selected", (event) => {
    const pages = event?.points.map((point) => point.customdata) ?? [];
    figure.dispatchEvent(new CustomEvent("collab:selected", { bubbles: true, detail: { pages } }));
  });
  plot.on("plotly_unhover", () => plot.classList.remove("opens"));
  // A reader by ear skips what is inside an image, so the tools of a large chart must not be in one.
  plot.setAttribute("role", plot.querySelector(".modebar-btn") ? "group" : "img");
  plot.setAttribute("aria-label", nameOf(figure));
  show(figure, true);
  if (button) button.hidden = true;
  figure.dataset.upgraded = "yes";
  widths.observe(figure);
}

const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const { plot } = parts(target);
    const width = target.clientWidth;
    if (!plot.hidden && width && Math.abs(width - plot.layout.width) > 1) window.Plotly.relayout(plot, { width });
  }
});

const waiting = [];
let isBusy = false;
async function next() {
  if (isBusy || !waiting.length) return;
  isBusy = true;
  const figure = waiting.shift();
  try { await upgrade(figure); } catch { show(figure, false); } // the drawing stays
  isBusy = false;
  if (waiting.length) idle(next);
}
const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    inView.unobserve(target);
    waiting.push(target);
  }
  if (waiting.length) idle(next);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-chart-explore]");
  if (!button) return;
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = words().loading;
  try { await upgrade(button.closest("[data-chart]")); } catch {
    label.textContent = before;
    delete button.closest("[data-chart]").dataset.upgraded;
    document.dispatchEvent(new CustomEvent("collab:say", { detail: { text: words().chartFailed, level: "warning" } }));
  }
});

const upgraded = () => document.querySelectorAll('[data-chart][data-upgraded="yes"]');
addEventListener("beforeprint", () => upgraded().forEach((figure) => show(figure, false)));
addEventListener("afterprint", () => upgraded().forEach((figure) => show(figure, true)));

// Zoom and hidden series are kept.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => upgraded().forEach((figure) => {
  const { plot } = parts(figure);
  const { width, height } = plot.layout;
  const { data, layout, config } = figureOf(figure);
  window.Plotly.react(plot, data, { ...layout, width, height }, { ...config, locale: document.documentElement.lang });
}));

function begin(root) {
  for (const plot of root.querySelectorAll?.("[data-chart-plot]") ?? []) {
    const figure = plot.closest("[data-chart]");
    if (savesData) parts(figure).button.hidden = false; else inView.observe(figure);
  }
}
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  for (const plot of event.detail.elt.querySelectorAll?.("[data-chart-plot]:not([hidden])") ?? []) window.Plotly?.purge(plot);
});
begin(document);

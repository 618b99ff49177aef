// "Explore": replaces an SVG chart with one that can be zoomed. Plotly is loaded only on request.

const self = document.querySelector('script[src*="js/charts"][data-plotly]');
const words = () => document.getElementById("words")?.dataset ?? {};
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

async function explore(figure, button) {
  const drawing = figure.querySelector("[data-chart-drawing]");
  const plot = figure.querySelector("[data-chart-plot]");
  const { data, layout, config } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const label = button.querySelector("span");
  button.dataset.label ??= label.textContent;
  label.textContent = words().loading;
  try {
    const Plotly = await loadPlotly();
    const locale = document.documentElement.lang;
    if (locale !== "en") Plotly.register(localeOf(locale));
    plot.hidden = false;
    await Plotly.newPlot(plot, data, layout, { ...config, locale });
    drawing.hidden = true;
    figure.dataset.exploring = "yes";
    label.textContent = words().drawing;
    button.setAttribute("aria-pressed", "true");
  } catch {
    plot.hidden = true;
    label.textContent = button.dataset.label;
    document.dispatchEvent(new CustomEvent("collab:say", { detail: { text: words().chartFailed, level: "warning" } }));
  }
}

function backToDrawing(figure, button) {
  const plot = figure.querySelector("[data-chart-plot]");
  window.Plotly?.purge(plot);
  plot.hidden = true;
  figure.querySelector("[data-chart-drawing]").hidden = false;
  delete figure.dataset.exploring;
  button.querySelector("span").textContent = button.dataset.label;
  button.setAttribute("aria-pressed", "false");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-explore]");
  if (!button) return;
  const figure = button.closest("[data-chart]");
  if (figure.dataset.exploring) backToDrawing(figure, button); else explore(figure, button);
});

// The button is useless without scripts, so only scripts show it.
const reveal = (root) => root.querySelectorAll?.("[data-chart-explore][hidden]").forEach((b) => { b.hidden = false; });
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);

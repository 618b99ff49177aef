// "Explore": replaces a drawn chart by one that can be zoomed. Plotly comes only when somebody asks for it.

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

async function explore(figure, button) {
  const drawing = figure.querySelector("[data-chart-drawing]");
  const plot = figure.querySelector("[data-chart-plot]");
  const { data, layout, config } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const label = button.querySelector("span");
  button.dataset.label ??= label.textContent;
  label.textContent = words().loading;
  try {
    const Plotly = await loadPlotly();
    plot.hidden = false;
    await Plotly.newPlot(plot, data, layout, config);
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

// The button is of no use without scripts, so only scripts show it.
const reveal = (root) => root.querySelectorAll?.("[data-chart-explore][hidden]").forEach((b) => { b.hidden = false; });
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);

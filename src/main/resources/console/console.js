// Draws the charts of a page, and again those of parts that have been exchanged. A chart's columns
// stand in its element; the names of the columns are those of the states.
(() => {
  const STATES = ["succeeded", "failed", "skipped", "missed"];

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function draw(element) {
    const columns = JSON.parse(element.dataset.chart);
    const axis = { stroke: colour("faint"), grid: { stroke: colour("line"), width: 1 } };
    const series = STATES.map((state) => ({
      label: state,
      stroke: colour(state),
      width: 2,
      points: { show: false },
    }));
    new uPlot(
      {
        width: Math.max(240, element.clientWidth),
        height: 190,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
        axes: [axis, { ...axis, size: 46 }],
        scales: { y: { range: (_, low, high) => [0, Math.max(1, high ?? 1)] } },
        series: [{ label: "minute", value: "{YYYY}-{MM}-{DD} {HH}:{mm}" }, ...series],
      },
      columns,
      element,
    );
  }

  function drawAll(root) {
    root.querySelectorAll("[data-chart]").forEach((element) => {
      if (!element.firstChild) {
        draw(element);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:sseMessage", (event) => drawAll(event.target));
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
})();

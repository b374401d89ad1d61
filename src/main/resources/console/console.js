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
        axes: [
          { ...axis, values: "{HH}:{mm}" },
          { ...axis, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5, 1e6] },
        ],
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

  // A browser opens few connections to one server, so pages that nobody sees give theirs back; they
  // are loaded anew when somebody looks again.
  const streams = new Set();
  let closed = false;

  htmx.createEventSource = (url) => {
    streams.forEach((old) => old.readyState === EventSource.CLOSED && streams.delete(old));
    const stream = new EventSource(url);
    streams.add(stream);
    return stream;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      closed = closed || streams.size > 0;
      streams.forEach((stream) => stream.close());
      streams.clear();
    } else if (closed) {
      location.reload();
    }
  });

  function showStale(stale) {
    document.getElementById("stale").hidden = !stale;
  }

  document.addEventListener("htmx:sseOpen", () => showStale(false));
  document.addEventListener("htmx:sseError", () => showStale(true));
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:sseMessage", (event) => drawAll(event.target));
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
})();

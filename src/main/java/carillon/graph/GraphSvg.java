package carillon.graph;

import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Draws a graph as SVG: boxes in the colours of their states, and arrows between them. The picture
/// has no scripts, and fetches nothing.
public final class GraphSvg {
    private static final int MAX_SHOWN = 28;
    private static final String GREY = "#e6e8eb";

    /// Light enough for dark text on it.
    private static final Map<String, String> COLOURS =
            Map.of(
                    "succeeded", "#bfe5c8",
                    "failed", "#f5c0bd",
                    "cancelled", "#f0d9b5",
                    "skipped", "#f1f1f1",
                    "running", "#bcdcf7",
                    "queued", "#dfe9f5");

    private final XMLStreamWriter out;

    private GraphSvg(XMLStreamWriter out) {
        this.out = out;
    }

    /// The whole picture, as a text. `title` says what it shows, for those who do not see it.
    public static String of(Graph graph, String title) {
        var text = new StringWriter();
        try {
            var writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new GraphSvg(writer).write(graph, GraphLayout.of(graph), title);
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing a picture into memory", e);
        }
        return text.toString();
    }

    static String shown(String name) {
        return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN - 1) + "…";
    }

    private void write(Graph graph, GraphLayout layout, String title) throws XMLStreamException {
        begin(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + number(layout.width()) + " " + number(layout.height()),
                "width",
                number(layout.width()),
                "height",
                number(layout.height()),
                "font-family",
                "system-ui, sans-serif",
                "role",
                "img");
        text("title", title);
        begin("defs");
        begin(
                "marker",
                "id",
                "arrow",
                "viewBox",
                "0 0 8 8",
                "refX",
                "7",
                "refY",
                "4",
                "markerWidth",
                "7",
                "markerHeight",
                "7",
                "orient",
                "auto");
        begin("path", "d", "M0 0L8 4L0 8z", "fill", "#6b7280");
        end(3);
        for (var line : layout.lines()) {
            var points =
                    line.points().stream()
                            .map(point -> number(point.x()) + "," + number(point.y()))
                            .collect(Collectors.joining(" "));
            begin(
                    "polyline",
                    "points",
                    points,
                    "fill",
                    "none",
                    "stroke",
                    "#6b7280",
                    "stroke-width",
                    "1.5",
                    "marker-end",
                    "url(#arrow)");
            end(1);
        }
        for (var box : layout.boxes()) {
            write(graph.nodes().get(box.at()), box);
        }
        end(1);
    }

    private void write(Graph.Node node, GraphLayout.Box box) throws XMLStreamException {
        begin("g", "transform", "translate(" + number(box.x()) + "," + number(box.y()) + ")");
        var state = node.state().isEmpty() ? "" : ": " + node.state();
        text("title", node.name() + " (" + node.kind() + ")" + state);
        begin(
                "rect",
                "width",
                number(box.width()),
                "height",
                number(GraphLayout.NODE_HEIGHT),
                "rx",
                "6",
                "fill",
                COLOURS.getOrDefault(node.state(), GREY),
                "stroke",
                "#6b7280");
        end(1);
        text("text", shown(node.name()), "x", "12", "y", "19", "font-size", "13");
        var below = node.state().isEmpty() ? node.kind() : node.kind() + ", " + node.state();
        text("text", below, "x", "12", "y", "35", "font-size", "10", "fill", "#374151");
        end(1);
    }

    private void begin(String element, String... attributes) throws XMLStreamException {
        out.writeStartElement(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }

    private void end(int elements) throws XMLStreamException {
        for (int i = 0; i < elements; i++) {
            out.writeEndElement();
        }
    }

    private void text(String element, String content, String... attributes)
            throws XMLStreamException {
        begin(element, attributes);
        out.writeCharacters(content.replaceAll("\\p{Cntrl}", " "));
        end(1);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

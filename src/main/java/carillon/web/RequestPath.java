package carillon.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request's path, taken apart once and strictly, so that no two readings of it can differ. One
/// slash at the end is as good as none.
record RequestPath(List<Segment> segments) {
    /// One part between slashes. Literals of the route table are compared with `raw`, so that there
    /// is one way to write each; parameters are `decoded`.
    record Segment(String raw, String decoded) {}

    RequestPath {
        segments = List.copyOf(segments);
    }

    /// Empty for a path that is not plain: empty or dot segments, path parameters (`;`),
    /// backslashes, broken or hidden characters, encoded slashes.
    static Optional<RequestPath> parse(String raw) {
        if (!raw.startsWith("/")) {
            return Optional.empty();
        }
        var segments = new ArrayList<Segment>();
        var parts = raw.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isEmpty() && i == parts.length - 1) {
                break;
            }
            var segment = segment(parts[i]);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            segments.add(segment.get());
        }
        return Optional.of(new RequestPath(segments));
    }

    private static Optional<Segment> segment(String raw) {
        if (raw.isEmpty() || !raw.chars().allMatch(RequestPath::isPlain)) {
            return Optional.empty();
        }
        String decoded;
        try {
            decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // A percent sign without two hexadecimal digits.
        }
        boolean hides =
                decoded.equals(".")
                        || decoded.equals("..")
                        || decoded.chars().anyMatch(RequestPath::isHidden);
        return hides ? Optional.empty() : Optional.of(new Segment(raw, decoded));
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7f && c != ';' && c != '\\';
    }

    private static boolean isHidden(int c) {
        return c == '/' || c == '\\' || c == '\uFFFD' || Character.isISOControl(c);
    }
}

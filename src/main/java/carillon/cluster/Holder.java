package carillon.cluster;

import static java.util.Objects.requireNonNull;

/// One life of a node: its name and the epoch that it was given when it started. Runs are leased to
/// a holder, so what an earlier life of the same node held is never mistaken for its own.
public record Holder(String node, long epoch) {
    public Holder {
        requireNonNull(node, "node");
    }

    @Override
    public String toString() {
        return node + "#" + epoch;
    }
}

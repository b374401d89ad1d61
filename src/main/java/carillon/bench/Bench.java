package carillon.bench;

import java.io.IOException;

/// One measurement.
public interface Bench {
    /// Measures at the place; needs it to itself.
    Result run(Place place) throws IOException, InterruptedException;
}

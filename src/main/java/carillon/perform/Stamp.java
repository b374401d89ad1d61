package carillon.perform;

import carillon.run.Lease;
import java.util.Map;

/// Headers that an API promises on the requests of the tasks that were made through it.
public interface Stamp {
    Map<String, String> headers(Lease lease);
}

package carillon;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The machine that this node runs on.
final class Machine {
    private Machine() {}

    /// How much of its processors' time is used, from 0 to 1; 0 while nobody can tell.
    static double cpuUsage() {
        if (!(ManagementFactory.getOperatingSystemMXBean()
                instanceof OperatingSystemMXBean system)) {
            return 0;
        }
        double load = system.getCpuLoad();
        return load >= 0 ? Math.min(1, load) : 0;
    }
}

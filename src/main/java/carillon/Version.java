package carillon;

/// The version of this program, as the build wrote it into the jar.
final class Version {
    static final String TEXT = read();

    private Version() {}

    private static String read() {
        var written = Version.class.getPackage().getImplementationVersion();
        return written == null ? "development" : written;
    }
}

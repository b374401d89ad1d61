package carillon.web;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/// Where a server's certificate and its key are: PEM files, the certificate followed by those that
/// lead to the root, the key in PKCS #8 without a password.
public record TlsFiles(Path certificate, Path key) {
    public TlsFiles {
        requireNonNull(certificate, "certificate");
        requireNonNull(key, "key");
    }
}

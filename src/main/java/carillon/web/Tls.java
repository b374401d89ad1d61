package carillon.web;

import java.lang.System.Logger.Level;
import java.time.Instant;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// The server's side of TLS: the certificate that clients are shown, replaced while connections
/// stand when the files have another. TLS 1.2 and 1.3.
final class Tls {
    private static final System.Logger LOGGER = System.getLogger(Tls.class.getName());

    private final TlsFiles files;
    private final SslContextFactory.Server contexts = new SslContextFactory.Server();
    private Certificates shown;
    private String lastFault = "";

    private Tls(TlsFiles files, Certificates shown) {
        this.files = files;
        this.shown = shown;
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.setSniRequired(false);
        use(contexts, shown);
    }

    /// Throws [TlsException] when the files do not have a certificate and its key.
    static Tls open(TlsFiles files, Instant now) {
        var certificates = Certificates.of(files, Certificates.Text.of(files));
        var tls = new Tls(files, certificates);
        tell("TLS with the certificate of {0}", certificates, now);
        return tls;
    }

    private static void use(SslContextFactory.Server contexts, Certificates certificates) {
        contexts.setKeyStore(certificates.keyStore());
        contexts.setKeyStorePassword("");
        contexts.setKeyManagerPassword("");
    }

    private static void tell(String sentence, Certificates certificates, Instant now) {
        LOGGER.log(Level.INFO, sentence, certificates);
        if (certificates.expiry().isBefore(now)) {
            LOGGER.log(Level.WARNING, "the certificate has expired: {0}", certificates);
        }
    }

    /// What TLS puts before the protocol of a listener.
    SslConnectionFactory before(String protocol) {
        return new SslConnectionFactory(contexts, protocol);
    }

    /// Shows new clients what the files have now. While that is not a certificate and its key, the
    /// last good one stays, and the log says why, once for each reason. Returns whether there was
    /// another.
    synchronized boolean reload(Instant now) {
        try {
            var text = Certificates.Text.of(files);
            if (text.equals(shown.text())) {
                lastFault = "";
                return false;
            }
            var next = Certificates.of(files, text);
            var store = next.keyStore();
            contexts.reload(factory -> factory.setKeyStore(store));
            shown = next;
            lastFault = "";
            tell("TLS goes on with the certificate of {0}", next, now);
            return true;
        } catch (TlsException e) {
            fault(String.valueOf(e.getMessage()), e);
        } catch (Exception e) { // What Jetty declares.
            fault("the new certificate cannot be used: " + e.getMessage(), e);
        }
        return false;
    }

    private void fault(String message, Exception e) {
        if (!message.equals(lastFault)) {
            lastFault = message;
            LOGGER.log(Level.WARNING, "the certificate stays as it was: " + message, e);
        }
    }
}

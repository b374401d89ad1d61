package carillon.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// A chain of certificates and the key of its first, as files had them. `text` is what the files
/// said, to see whether they have changed since.
record Certificates(List<X509Certificate> chain, PrivateKey key, Text text) {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");
    private static final String REMEDY =
            "; make one with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";

    /// What the two files say.
    record Text(String certificate, String key) {
        /// Throws [TlsException] when one of them cannot be read.
        static Text of(TlsFiles files) {
            return new Text(
                    read("tls.certificate", files.certificate()), read("tls.key", files.key()));
        }

        private static String read(String what, Path file) {
            try (var in = Files.newInputStream(file)) {
                var bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new TlsException(what + " (" + file + ") is larger than 1 MiB");
                }
                return new String(bytes, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new TlsException(what + " (" + file + ") cannot be read: " + e, e);
            }
        }

        /// Without the key.
        @Override
        public String toString() {
            return "a certificate and its key";
        }
    }

    Certificates {
        chain = List.copyOf(chain);
    }

    /// Throws [TlsException] when they are not a certificate and its key.
    static Certificates of(TlsFiles files, Text text) {
        var chain = chain("tls.certificate (" + files.certificate() + ") ", text.certificate());
        var what = "tls.key (" + files.key() + ") ";
        var key = key(what, text.key(), chain.getFirst());
        if (!belongTogether(key, chain.getFirst())) {
            throw new TlsException(what + "is not the key of tls.certificate");
        }
        return new Certificates(chain, key, text);
    }

    private static List<X509Certificate> chain(String what, String text) {
        try {
            var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            var chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw new TlsException(what + "has no certificate in it");
            }
            return chain;
        } catch (CertificateException e) {
            throw new TlsException(what + "is not a certificate in PEM form", e);
        }
    }

    private static PrivateKey key(String what, String text, X509Certificate first) {
        var pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new TlsException(what + "has no private key in PEM form in it");
        }
        if (pem.group(1).startsWith("ENCRYPTED") || pem.group(2).contains("Proc-Type")) {
            throw new TlsException(what + "has a password, and must have none" + REMEDY);
        }
        if (!pem.group(1).equals("PRIVATE KEY")) {
            throw new TlsException(
                    what + "is a '" + pem.group(1) + "' and must be in PKCS #8" + REMEDY);
        }
        var algorithm = first.getPublicKey().getAlgorithm();
        try {
            var encoded = Base64.getMimeDecoder().decode(pem.group(2));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException(what + "is not a key for " + algorithm, e);
        }
    }

    /// Whether what the key signs is found good with the certificate.
    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        var algorithm = key.getAlgorithm();
        var name =
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case String _ -> algorithm;
                };
        try {
            var message = certificate.getEncoded();
            var signature = Signature.getInstance(name);
            signature.initSign(key);
            signature.update(message);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new TlsException("tls.key cannot sign with " + algorithm, e);
        }
    }

    /// When the first of them ends to be good.
    Instant expiry() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /// A store in memory that holds them and nothing else, with an empty password.
    KeyStore keyStore() {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            store.setKeyEntry("server", key, new char[0], chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("the certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /// How it is named in the log.
    @Override
    public String toString() {
        var first = chain.getFirst();
        return first.getSubjectX500Principal() + ", valid until " + expiry();
    }
}

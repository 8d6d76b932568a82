package io.tailrace.local.security;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A certificate and the private key that belongs to it. Immutable. */
public record KeyAndCertificate(PrivateKey key, X509Certificate certificate) {

    /** On the curve P-256. */
    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException missing) {
            throw new IllegalStateException("this JVM makes no keys on the curve P-256", missing);
        }
    }

    /**
     * Reads what {@link #pem} wrote.
     *
     * @throws IOException when it is something else
     */
    static KeyAndCertificate parse(String pem) throws IOException {
        List<PrivateKeyInfo> keys = new ArrayList<>();
        List<X509CertificateHolder> certificates = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                switch (part) {
                    case PrivateKeyInfo it -> keys.add(it);
                    case X509CertificateHolder it -> certificates.add(it);
                    default ->
                        throw new IOException(
                                "a PEM file has a " + part.getClass().getSimpleName());
                }
            }
            if (keys.size() != 1 || certificates.size() != 1) {
                throw new IOException("a PEM file has " + keys.size() + " keys and " + certificates.size()
                        + " certificates, and was to have one of each");
            }
            return new KeyAndCertificate(
                    new JcaPEMKeyConverter().getPrivateKey(keys.getFirst()),
                    new JcaX509CertificateConverter().getCertificate(certificates.getFirst()));
        } catch (CertificateException | RuntimeException unreadable) {
            throw new IOException("a certificate cannot be read", unreadable);
        }
    }

    /** Key (PKCS #8, not encrypted) and certificate, as Kafka and OpenSSL read them. */
    public String pem() {
        return keyPem() + certificatePem();
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException impossible) {
            throw new IllegalStateException("a certificate has no encoding", impossible);
        }
    }

    private static String pem(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot be written", impossible);
        }
        return text.toString();
    }
}

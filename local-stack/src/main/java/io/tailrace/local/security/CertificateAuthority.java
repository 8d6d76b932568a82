package io.tailrace.local.security;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of one stack: whoever trusts it trusts the brokers that it certified and nothing else. Keys are on P-256,
 * signatures ECDSA with SHA-256 (RFC 5280). Immutable.
 */
public final class CertificateAuthority {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A clock that is a little behind takes a new certificate for valid. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private final KeyAndCertificate own;

    CertificateAuthority(KeyAndCertificate own) {
        this.own = own;
    }

    /** A new one, with a name that no other has. */
    public static CertificateAuthority create(Instant now, Duration validity) {
        byte[] unique = new byte[8];
        RANDOM.nextBytes(unique);
        X500Name name = new X500Name("CN=Tailrace stack " + HexFormat.of().formatHex(unique));
        KeyPair keys = KeyAndCertificate.newKeys();
        JcaX509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), now, now.plus(validity));
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (CertIOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("cannot describe an authority", impossible);
        }
        return new CertificateAuthority(new KeyAndCertificate(keys.getPrivate(), signed(builder, keys.getPrivate())));
    }

    /**
     * A certificate for a server on this machine, which is also good for a client.
     *
     * @param name its common name
     */
    public KeyAndCertificate issue(String name, Instant from, Instant until) {
        KeyPair keys = KeyAndCertificate.newKeys();
        JcaX509v3CertificateBuilder builder = builder(
                X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded()),
                new X500Name("CN=" + name),
                keys.getPublic(),
                from,
                until);
        describeLoopbackServer(builder);
        return new KeyAndCertificate(keys.getPrivate(), signed(builder, own.key()));
    }

    /** A certificate that nobody vouches for: whoever is to accept it has to know it itself. */
    static KeyAndCertificate selfSigned(String name, Instant now, Duration validity) {
        X500Name itself = new X500Name("CN=" + name);
        KeyPair keys = KeyAndCertificate.newKeys();
        JcaX509v3CertificateBuilder builder = builder(itself, itself, keys.getPublic(), now, now.plus(validity));
        describeLoopbackServer(builder);
        return new KeyAndCertificate(keys.getPrivate(), signed(builder, keys.getPrivate()));
    }

    private static void describeLoopbackServer(JcaX509v3CertificateBuilder builder) {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")
            }));
        } catch (CertIOException impossible) {
            throw new IllegalStateException("cannot describe a server", impossible);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).setBit(126),
                Date.from(from.minus(BACKDATED)),
                Date.from(until),
                subject,
                key);
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | CertificateException impossible) {
            throw new IllegalStateException("cannot sign a certificate", impossible);
        }
    }

    /** Its own certificate, for those who are to trust it, and its key. */
    public KeyAndCertificate own() {
        return own;
    }
}

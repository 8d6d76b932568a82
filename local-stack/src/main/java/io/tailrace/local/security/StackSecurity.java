package io.tailrace.local.security;

import io.tailrace.local.broker.BrokerSecurity;
import io.tailrace.local.folder.Folders;
import io.tailrace.local.folder.WholeFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;

/**
 * The folder with the secrets of one stack: a certificate authority, what its brokers prove themselves with, and a
 * folder for each user with what that one needs. Nobody but their owner can read any of it. Confined to one thread at a
 * time; only {@link #renewIfDue} and {@link #prepare} change what brokers use.
 */
public final class StackSecurity {

    /** Who may do everything; the stack itself, and a person with Kafka's tools. */
    public static final String ADMIN = "admin";

    /** Of the authority, and of what brokers know each other by: they are kept as long as the data folder. */
    static final Duration LASTING = Duration.ofDays(3650);

    /** Of the certificate that clients see. */
    static final Duration CERTIFICATE_VALIDITY = Duration.ofDays(90);

    /** A certificate that is valid for less is replaced. */
    static final Duration RENEWED_BEFORE = Duration.ofDays(30);

    private static final int PASSWORD_BYTES = 32;

    private final Path folder;
    private final Clock clock;

    /**
     * The folder need not be there.
     *
     * @param clock by which certificates are made and renewed
     */
    public StackSecurity(Path folder, Clock clock) {
        this.folder = folder.toAbsolutePath().normalize();
        this.clock = clock;
    }

    public boolean exists() {
        return Files.exists(authorityFile());
    }

    private Path authorityFile() {
        return folder.resolve("authority").resolve("authority.pem");
    }

    private Path userFolder(String user) {
        return folder.resolve("users").resolve(user);
    }

    /** The files of brokers, whether {@link #prepare} has made them or not. */
    public BrokerSecurity broker() {
        Path own = folder.resolve("broker");
        return new BrokerSecurity(
                own.resolve("certificate.pem"),
                own.resolve("node.pem"),
                own.resolve("node-trust.pem"),
                own.resolve("scram-users"));
    }

    /** A file of Spring Boot properties for a service to import. */
    public Path serviceSettings(String user) {
        return userFolder(user).resolve("kafka.properties");
    }

    /** A file for {@code --command-config} of Kafka's tools. */
    public Path clientSettings(String user) {
        return userFolder(user).resolve("client.properties");
    }

    /** A file for {@code kcat -F}. */
    public Path kcatSettings(String user) {
        return userFolder(user).resolve("kcat.conf");
    }

    /** The settings of a Kafka client of this user. */
    public Map<String, Object> client(String user) throws IOException {
        return ClientFiles.parse(Files.readString(clientSettings(user)));
    }

    /** Makes what is missing, renews what ends soon; before brokers are started. */
    public void prepare() throws IOException {
        Folders.ownerOnly(folder);
        if (!exists()) {
            write(
                    authorityFile(),
                    CertificateAuthority.create(clock.instant(), LASTING).own().pem());
        }
        BrokerSecurity files = broker();
        if (!Files.exists(files.node())) {
            KeyAndCertificate node = CertificateAuthority.selfSigned("broker", clock.instant(), LASTING);
            write(files.nodeTrust(), node.certificatePem());
            write(files.node(), node.pem());
        }
        boolean _ = renewIfDue();
        write(files.users(), "SCRAM-SHA-512=[name=" + ADMIN + ",password=" + password(ADMIN) + "]\n");
    }

    /**
     * Replaces the certificate that clients see, if it ends soon; brokers that run take the new one up.
     *
     * @return whether it did
     */
    public boolean renewIfDue() throws IOException {
        if (!isDue(broker().certificate())) {
            return false;
        }
        renew(clock.instant().plus(CERTIFICATE_VALIDITY));
        return true;
    }

    /** The same, whether it ends soon or not. */
    void renew(Instant until) throws IOException {
        write(
                broker().certificate(),
                authority().issue("broker", clock.instant(), until).pem());
    }

    private boolean isDue(Path certificate) throws IOException {
        return !Files.exists(certificate)
                || KeyAndCertificate.parse(Files.readString(certificate))
                        .certificate()
                        .getNotAfter()
                        .toInstant()
                        .isBefore(clock.instant().plus(RENEWED_BEFORE));
    }

    /** The one that {@link #prepare} made: another one would be trusted by nobody who has the certificate of the first. */
    CertificateAuthority authority() throws IOException {
        if (!exists()) {
            throw new IOException("The authority of the stack is gone: put back " + authorityFile()
                    + ", or begin with another data folder");
        }
        return new CertificateAuthority(KeyAndCertificate.parse(Files.readString(authorityFile())));
    }

    /**
     * Lets the services in, with exactly their rights, and tells everybody where the brokers are.
     *
     * @throws IOException when the brokers do not let the administrator do that
     */
    public void admit(String bootstrapServers) throws IOException {
        AccessRights rights = AccessRights.ofServices();
        Map<String, String> passwords = new TreeMap<>();
        for (String service : rights.users()) {
            passwords.put(service, password(service));
            ClientFiles files = files(bootstrapServers, service);
            write(serviceSettings(service), files.springBoot());
            write(clientSettings(service), files.kafkaClient());
        }
        ClientFiles files = files(bootstrapServers, ADMIN);
        write(clientSettings(ADMIN), files.kafkaClient());
        write(kcatSettings(ADMIN), files.librdkafka());
        Admin admin = Admin.create(client(ADMIN));
        try {
            Admission admission = new Admission(admin);
            admission.setPasswords(passwords);
            admission.grant(rights);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private ClientFiles files(String bootstrapServers, String user) throws IOException {
        // Each has its own, so that a folder can be given to another account or machine as it is.
        Path trusted = userFolder(user).resolve("authority.pem");
        write(trusted, authority().own().certificatePem());
        return new ClientFiles(bootstrapServers, user, password(user), trusted);
    }

    /** Removes files that were being written when their writer was killed, if that was before a moment. */
    public void sweep(Instant before) throws IOException {
        WholeFiles.sweep(folder.resolve("authority"), before);
        WholeFiles.sweep(folder.resolve("broker"), before);
        Path users = folder.resolve("users");
        if (Files.isDirectory(users)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(users)) {
                for (Path user : all) {
                    WholeFiles.sweep(user, before);
                }
            }
        }
    }

    /** The user's, made at first use. */
    private String password(String user) throws IOException {
        Path file = userFolder(user).resolve("password");
        if (!Files.exists(file)) {
            byte[] bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return Files.readString(file).strip();
    }

    private static void write(Path file, String text) throws IOException {
        Folders.createdFor(file);
        WholeFiles.write(file, text);
    }
}

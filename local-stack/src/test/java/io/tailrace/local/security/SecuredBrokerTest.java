package io.tailrace.local.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.broker.EmbeddedCluster;
import io.tailrace.local.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets into a secured broker, and how far. Its files are those of a stack. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SecuredBrokerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path shared;

    private static StackSecurity security;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        security = new StackSecurity(shared.resolve("security"), Clock.systemUTC());
        security.prepare();
        broker = EmbeddedBroker.start(
                shared.resolve("kafka"), BrokerSettings.forTests().securedBy(security.broker()));
        security.admit(broker.bootstrapServers());
        try (Admin admin = Admin.create(security.client(StackSecurity.ADMIN))) {
            admin.createTopics(List.of(
                            new NewTopic("tailrace.run-commands", Optional.of(1), Optional.empty()),
                            new NewTopic("tailrace.build-events", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        broker.killHard();
    }

    @Test
    void eachServiceLogsInAndHasItsOwnRightsAlone() throws Exception {
        for (String user : AccessRights.ofServices().users()) {
            try (Admin admin = Admin.create(security.client(user))) {
                assertThat(admin.listTopics().names().get()).as(user).contains("tailrace.run-commands");
                assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY)
                                .values()
                                .get())
                        .as(user + " lists rights")
                        .hasMessageContaining("ClusterAuthorizationException");
            }
        }

        assertThatCode(() -> write("gateway", "tailrace.run-commands")).doesNotThrowAnyException();
        assertThatCode(() -> write("build-worker", "tailrace.build-events")).doesNotThrowAnyException();
        assertThatThrownBy(() -> write("build-worker", "tailrace.run-commands"))
                .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> write("gateway", "tailrace.build-events"))
                .hasRootCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void theRightsAreExactlyTheWrittenOnesAgainAfterTheNextStart() throws Exception {
        AclBinding tooMuch = right("User:build-worker", "tailrace.cursor-keys", AclOperation.READ);
        AclBinding ofAnother = right("User:auditor", "tailrace.run-events", AclOperation.READ);
        AclBinding needed = right("User:build-worker", "tailrace.build-events", AclOperation.WRITE);
        try (Admin admin = Admin.create(security.client(StackSecurity.ADMIN))) {
            admin.createAcls(List.of(tooMuch, ofAnother)).all().get();
            admin.deleteAcls(List.of(needed.toFilter())).all().get();
            Set<AclBinding> expected = new HashSet<>(AccessRights.ofServices().bindings());
            expected.add(ofAnother);
            Set<AclBinding> changed = new HashSet<>(expected);
            changed.add(tooMuch);
            changed.remove(needed);
            awaitRights(admin, changed);

            security.admit(broker.bootstrapServers());

            awaitRights(admin, expected);
        }
    }

    /** Brokers take from the metadata what the controller has answered. */
    private static void awaitRights(Admin admin, Set<AclBinding> expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(admin.describeAcls(AclBindingFilter.ANY)
                                .values()
                                .get())
                        .containsExactlyInAnyOrderElementsOf(expected));
    }

    @Test
    void aPasswordWhoseFileWasRemovedIsAnotherAfterTheNextStart() throws Exception {
        Map<String, Object> before = security.client("turn-worker");
        Files.delete(shared.resolve("security/users/turn-worker/password"));

        security.admit(broker.bootstrapServers());

        Map<String, Object> now = security.client("turn-worker");
        await().atMost(SOON).ignoreExceptions().until(() -> nodes(now) == 1);
        assertThatThrownBy(() -> nodes(before)).hasRootCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        Map<String, Object> client = security.client("gateway");
        client.computeIfPresent(
                "sasl.jaas.config", (key, value) -> value.toString().replaceAll("password=\"..", "password=\"xx"));

        assertThatThrownBy(() -> nodes(client)).hasRootCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void anotherAuthorityIsNotBelieved(@TempDir Path other) throws Exception {
        StackSecurity stranger = new StackSecurity(other, Clock.systemUTC());
        stranger.prepare();
        Path authority = other.resolve("authority.pem");
        Files.writeString(authority, stranger.authority().own().certificatePem());
        Map<String, Object> client = security.client("gateway");
        client.put("ssl.truststore.location", authority.toString());

        assertThatThrownBy(() -> nodes(client))
                .hasCauseInstanceOf(SslAuthenticationException.class)
                .hasStackTraceContaining("unable to find valid certification path");
    }

    @Test
    void nobodyGetsInWithoutTlsOrWithoutALogin() throws Exception {
        assertThatThrownBy(() -> nodes(patient(Map.of("bootstrap.servers", broker.bootstrapServers()))))
                .as("neither")
                .hasMessageContaining("Timeout");
        Map<String, Object> noTls = patient(security.client("gateway"));
        noTls.put("security.protocol", "SASL_PLAINTEXT");
        assertThatThrownBy(() -> nodes(noTls)).as("no TLS").hasMessageContaining("Timeout");
        Map<String, Object> noLogin = patient(security.client("gateway"));
        noLogin.put("security.protocol", "SSL");
        assertThatThrownBy(() -> nodes(noLogin)).as("no login").hasMessageContaining("Timeout");
    }

    @Test
    void thePortsOfTheNodesAreForNodesAlone(@TempDir Path folder) throws Exception {
        // As much as anybody can have who is no node: a certificate of the very authority, of the name of a node.
        Path certificate = folder.resolve("certificate.pem");
        Instant now = Instant.now();
        Files.writeString(
                certificate,
                security.authority().issue("broker", now, now.plus(SOON)).pem());
        for (String listener : List.of("BROKER", "CONTROLLER")) {
            String address = address(listener);
            assertThatThrownBy(() -> nodes(patient(Map.of("bootstrap.servers", address))))
                    .as(listener + ", plain text")
                    .hasMessageContaining("Timeout");
            Map<String, Object> node = patient(security.client("gateway"));
            node.put("bootstrap.servers", address);
            node.put("security.protocol", "SSL");
            node.put("ssl.truststore.location", security.broker().nodeTrust().toString());
            assertThatThrownBy(() -> nodes(node))
                    .as(listener + ", no certificate")
                    .hasCauseInstanceOf(SslAuthenticationException.class);
            node.put("ssl.keystore.type", "PEM");
            node.put("ssl.keystore.location", certificate.toString());
            assertThatThrownBy(() -> nodes(node))
                    .as(listener + ", a certificate of the authority")
                    .hasCauseInstanceOf(SslAuthenticationException.class);
        }
    }

    @Test
    void anExpiredCertificateIsRefusedAndItsSuccessorTakenUpByTheRunningBroker() throws Exception {
        long pid = broker.pid();
        security.renew(Instant.now().minusSeconds(60));
        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> nodes(security.client("gateway")))
                        .hasCauseInstanceOf(SslAuthenticationException.class)
                        .hasStackTraceContaining("NotAfter"));

        assertThat(security.renewIfDue()).isTrue();

        await().atMost(SOON).ignoreExceptions().until(() -> nodes(security.client("gateway")) == 1);
        assertThat(broker.pid()).isEqualTo(pid);
        assertThat(security.renewIfDue()).as("a new one is left alone").isFalse();
    }

    @Test
    void aCertificateIsRenewedBeforeItEnds(@TempDir Path folder) throws Exception {
        Instant now = Instant.parse("2026-11-30T12:00:00Z");
        new StackSecurity(folder, Clock.fixed(now, java.time.ZoneOffset.UTC)).prepare();
        Duration left = StackSecurity.CERTIFICATE_VALIDITY.minus(StackSecurity.RENEWED_BEFORE);

        assertThat(at(folder, now.plus(left).minusSeconds(1)).renewIfDue()).isFalse();
        assertThat(at(folder, now.plus(left).plusSeconds(1)).renewIfDue()).isTrue();
        assertThat(at(folder, now.plus(left).plusSeconds(2)).renewIfDue()).isFalse();
    }

    /** A new one would be trusted by nobody, and lock everybody out of a stack that runs. */
    @Test
    void anAuthorityThatIsGoneIsNotReplacedByAnother(@TempDir Path folder) throws Exception {
        Instant now = Instant.parse("2026-11-30T12:00:00Z");
        at(folder, now).prepare();
        Path authority = folder.resolve("authority/authority.pem");
        Path aside = Files.move(authority, folder.resolve("aside.pem"));
        StackSecurity later = at(folder, now.plus(StackSecurity.CERTIFICATE_VALIDITY));

        assertThatThrownBy(later::renewIfDue)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("put back " + authority);
        assertThatThrownBy(() -> later.admit("127.0.0.1:1")).hasMessageContaining("put back " + authority);
        assertThat(authority).doesNotExist();

        Files.move(aside, authority);
        assertThat(later.renewIfDue()).isTrue();
    }

    private static StackSecurity at(Path folder, Instant now) {
        return new StackSecurity(folder, Clock.fixed(now, java.time.ZoneOffset.UTC));
    }

    @Test
    void nobodyButTheOwnerCanReadTheFiles() throws Exception {
        List<Path> secrets = new ArrayList<>();
        try (Stream<Path> all = Files.walk(shared.resolve("security"))) {
            for (Path path : all.toList()) {
                boolean folder = Files.isDirectory(path);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(folder ? "rwx------" : "rw-------");
                if (!folder) {
                    secrets.add(path);
                }
            }
        }
        assertThat(secrets).hasSizeGreaterThan(15);
        assertAnotherAccountCannotRead(secrets);
        String password = Files.readString(shared.resolve("security/users/admin/password"));
        assertThat(Files.readString(broker.log())).contains("SASL_SSL").doesNotContain(password);
    }

    /** Only where this process may become another. The test's own folder is open, so that it is ours that refuse. */
    private static void assertAnotherAccountCannotRead(List<Path> files) throws Exception {
        Optional<Path> setpriv = Programs.find("setpriv");
        if (setpriv.isEmpty() || !"root".equals(System.getProperty("user.name"))) {
            return;
        }
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(
                List.of(setpriv.get().toString(), "--reuid=65534", "--regid=65534", "--clear-groups", "cat"));
        files.forEach(it -> command.add(it.toString()));
        Process cat = new ProcessBuilder(command).start();
        assertThat(cat.inputReader().readAllAsString()).isEmpty();
        assertThat(cat.errorReader().lines().filter(it -> it.contains("Permission denied")))
                .hasSize(files.size());
    }

    @Test
    void aKilledBrokerComesBackAndKnowsItsUsers() throws Exception {
        broker.killHard();
        broker.restart();

        assertThat(nodes(security.client("coordinator"))).isEqualTo(1);
    }

    @Test
    void threeBrokersKnowEachOther(@TempDir Path folder) throws Exception {
        StackSecurity own = new StackSecurity(folder.resolve("security"), Clock.systemUTC());
        own.prepare();
        try (EmbeddedCluster cluster = EmbeddedCluster.start(
                folder.resolve("kafka"), 3, BrokerSettings.forTests().securedBy(own.broker()))) {
            own.admit(cluster.bootstrapServers());
            Map<String, Object> coordinator = own.client("coordinator");
            await().atMost(SOON).ignoreExceptions().until(() -> nodes(coordinator) == 3);
            try (Admin admin = Admin.create(own.client(StackSecurity.ADMIN))) {
                admin.createTopics(List.of(new NewTopic("replicated", 1, (short) 3)))
                        .all()
                        .get();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(admin.describeTopics(List.of("replicated"))
                                        .allTopicNames()
                                        .get())
                                .hasEntrySatisfying(
                                        "replicated",
                                        it -> assertThat(it.partitions()
                                                        .getFirst()
                                                        .isr())
                                                .hasSize(3)));
            }
        }
    }

    private static String address(String listener) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(shared.resolve("kafka/server.properties"))) {
            properties.load(in);
        }
        return Stream.of(properties.getProperty("listeners").split(",", -1))
                .filter(it -> it.startsWith(listener + "://"))
                .map(it -> it.substring(listener.length() + 3))
                .findFirst()
                .orElseThrow();
    }

    private static AclBinding right(String principal, String topic, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    /** With bounds, for what is expected to get no answer at all. */
    private static Map<String, Object> patient(Map<String, ?> client) {
        Map<String, Object> bounded = new HashMap<>(client);
        bounded.put("request.timeout.ms", "1000");
        bounded.put("default.api.timeout.ms", "1500");
        return bounded;
    }

    private static int nodes(Map<String, ?> client) throws Exception {
        Admin admin = Admin.create(new HashMap<>(client));
        try {
            return admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).size();
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static void write(String user, String topic) throws Exception {
        try (var producer =
                new KafkaProducer<>(security.client(user), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[1], new byte[1])).get(20, TimeUnit.SECONDS);
        }
    }
}

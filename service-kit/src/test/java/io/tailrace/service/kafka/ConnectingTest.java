package io.tailrace.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.process.FreePorts;
import io.tailrace.local.security.CertificateAuthority;
import io.tailrace.local.security.KeyAndCertificate;
import io.tailrace.local.security.StackSecurity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The settings of docs/connecting.md, each against a listener that demands them. */
class ConnectingTest {
    private static final Pattern BLOCK = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final String TOKEN_SECRET = "the-secret-of-the-gateway";

    @TempDir
    static Path folder;

    private static final List<Integer> PORTS = new ArrayList<>();
    private static StackSecurity security;
    private static EmbeddedBroker broker;
    private static TokenServer tokens;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, KafkaAutoConfiguration.class))
            .withUserConfiguration(KafkaClientsConfiguration.class);

    @BeforeAll
    static void start() throws Exception {
        PORTS.addAll(FreePorts.pick(5));
        tokens = TokenServer.start(TOKEN_SECRET);
        System.setProperty(ALLOWED_URLS, tokens.address().toString());
        Files.writeString(folder.resolve("jwks.json"), tokens.jwks());
        security = new StackSecurity(folder.resolve("security"), Clock.systemUTC());
        security.prepare();
        certify();
        broker = EmbeddedBroker.start(
                folder.resolve("kafka"),
                BrokerSettings.durable(port("CLIENT"))
                        .endingWithParent()
                        .withJvmOptions(List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-D" + ALLOWED_URLS + "="
                                        + folder.resolve("jwks.json").toUri()))
                        .withOverrides(listeners())
                        .securedBy(security.broker()));
        security.admit(broker.bootstrapServers());
    }

    private static void certify() throws Exception {
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.create(now, Duration.ofHours(1));
        KeyAndCertificate gateway = authority.issue("gateway", now, now.plusSeconds(3600));
        Files.writeString(
                folder.resolve("server.pem"),
                authority.issue("broker", now, now.plusSeconds(3600)).pem());
        for (String trusted : List.of("mutual.pem", "mutual-broker.pem", "retired.pem")) {
            Files.writeString(folder.resolve(trusted), authority.own().certificatePem());
        }
        Files.writeString(folder.resolve("gateway.pem"), gateway.pem());
        Files.writeString(folder.resolve("gateway.crt"), gateway.certificatePem());
        Files.writeString(folder.resolve("gateway.key"), gateway.keyPem());
    }

    private static int port(String listener) {
        return PORTS.get(
                List.of("CLIENT", "CONTROLLER", "BROKER", "MUTUAL", "OAUTH").indexOf(listener));
    }

    private static Map<String, String> listeners() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("CLIENT", "SASL_SSL");
        all.put("CONTROLLER", "SSL");
        all.put("BROKER", "SSL");
        all.put("MUTUAL", "SSL");
        all.put("OAUTH", "SASL_SSL");
        List<String> addresses =
                all.keySet().stream().map(it -> it + "://127.0.0.1:" + port(it)).toList();
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners", String.join(",", addresses));
        settings.put(
                "advertised.listeners",
                String.join(
                        ",",
                        addresses.stream()
                                .filter(it -> !it.startsWith("CONTROLLER"))
                                .toList()));
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + port("CONTROLLER"));
        settings.put(
                "listener.security.protocol.map",
                String.join(
                        ",",
                        all.entrySet().stream()
                                .map(it -> it.getKey() + ":" + it.getValue())
                                .toList()));
        String mutual = "listener.name.mutual.ssl.";
        settings.put(mutual + "client.auth", "required");
        settings.put(mutual + "keystore.type", "PEM");
        settings.put(mutual + "keystore.location", folder.resolve("server.pem").toString());
        settings.put(mutual + "truststore.type", "PEM");
        settings.put(
                mutual + "truststore.location",
                folder.resolve("mutual-broker.pem").toString());
        String oauth = "listener.name.oauth.";
        settings.put(oauth + "ssl.keystore.type", "PEM");
        settings.put(
                oauth + "ssl.keystore.location", security.broker().certificate().toString());
        settings.put(oauth + "sasl.enabled.mechanisms", "OAUTHBEARER");
        String bearer = oauth + "oauthbearer.sasl.";
        settings.put(
                bearer + "jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
        settings.put(
                bearer + "server.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
        settings.put(
                bearer + "oauthbearer.jwks.endpoint.url",
                folder.resolve("jwks.json").toUri().toString());
        settings.put(bearer + "oauthbearer.expected.audience", "kafka");
        return settings;
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ALLOWED_URLS);
        tokens.close();
        broker.killHard();
    }

    @Test
    void scram() throws Exception {
        String password = Files.readString(folder.resolve("security/users/gateway/password"));
        Map<String, String> names = Map.of(
                "kafka.example.org:9093",
                "127.0.0.1:" + port("CLIENT"),
                "SECRET",
                password,
                "/etc/tailrace/authority.pem",
                authority());

        connects("SCRAM-SHA-512", names);
        isRefused("SCRAM-SHA-512", names, password);
    }

    @Test
    void mutualTls() throws Exception {
        Map<String, String> names = Map.of(
                "kafka.example.org:9094", "127.0.0.1:" + port("MUTUAL"),
                "/etc/tailrace/authority.pem", folder.resolve("mutual.pem").toString(),
                "/etc/tailrace/gateway", folder.resolve("gateway").toString());

        connects("keystore.private-key", names);
        Map<String, String> without = new HashMap<>(names);
        without.put("spring.ssl.bundle.pem.kafka.keystore.", "spring.ssl.bundle.pem.another.keystore.");
        runner.withPropertyValues(block("keystore.private-key", without)).run(context -> {
            try (Admin admin = context.getBean(KafkaClients.class).admin(new ClientName("test", "a"), bounded())) {
                assertThatThrownBy(() -> admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(AuthenticationException.class);
            }
        });
    }

    @Test
    void oauth() throws Exception {
        Map<String, String> names = Map.of(
                "kafka.example.org:9095",
                "127.0.0.1:" + port("OAUTH"),
                "https://login.example.org/token",
                tokens.address().toString(),
                "SECRET",
                TOKEN_SECRET,
                "/etc/tailrace/authority.pem",
                authority());

        connects("OAUTHBEARER", names);
        Map<String, String> wrong = new HashMap<>(names);
        wrong.put("SECRET", "guessed");
        runner.withPropertyValues(block("OAUTHBEARER", wrong))
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(KafkaClients.class).admin(new ClientName("test", "a"), bounded()))
                        .isInstanceOf(KafkaException.class));
    }

    /** Of another authority, which clients are told of first. Nothing is made anew but the broker's connections. */
    @Test
    void renewedCertificatesAndAnotherAuthorityAreTakenUpByClientsThatLive() throws Exception {
        String mutual = folder.resolve("mutual.pem").toString();
        admitGateway();
        Map<String, String> names = Map.of(
                "kafka.example.org:9094",
                "127.0.0.1:" + port("MUTUAL"),
                "/etc/tailrace/authority.pem",
                mutual,
                "/etc/tailrace/gateway",
                folder.resolve("gateway").toString());
        String[] files = {
            "spring.kafka.bootstrap-servers=127.0.0.1:" + port("MUTUAL"),
            "spring.kafka.security.protocol=SSL",
            "spring.kafka.ssl.key-store-type=PEM",
            "spring.kafka.ssl.key-store-location=file:" + folder.resolve("gateway.pem"),
            "spring.kafka.ssl.trust-store-type=PEM",
            "spring.kafka.ssl.trust-store-location=file:" + mutual,
        };
        ApplicationContextRunner quick = runner.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=100ms");

        quick.withPropertyValues(block("keystore.private-key", names))
                .run(bundled -> quick.withPropertyValues(files).run(filed -> {
                    try (LongLived one = new LongLived(bundled.getBean(KafkaClients.class), "renewal");
                            LongLived other = new LongLived(filed.getBean(KafkaClients.class), "renewal")) {
                        one.logInAgain("with a bundle");
                        other.logInAgain("with files");

                        Files.writeString(folder.resolve("mutual.pem.new"), "-----BEGIN CERTIFICATE-----\n");
                        replace("mutual.pem");
                        renew();
                        SslBundles bundles = bundled.getBean(SslBundles.class);
                        await().atMost(Duration.ofSeconds(60)).until(() -> authorities(bundles) == 2);
                        broker.killHard();
                        one.count();
                        other.count();
                        broker.restart();

                        one.logInAgain("with a renewed bundle");
                        other.logInAgain("with renewed files");
                    }
                }));
    }

    private static int authorities(SslBundles bundles) throws KeyStoreException {
        KeyStore trusted = bundles.getBundle("kafka").getStores().getTrustStore();
        return trusted == null ? 0 : trusted.size();
    }

    /** Everything is replaced as a whole. Who still has the authority of before is trusted by nobody, and trusts nobody. */
    private static void renew() throws Exception {
        Instant now = Instant.now();
        CertificateAuthority next = CertificateAuthority.create(now, Duration.ofHours(1));
        KeyAndCertificate gateway = next.issue("gateway", now, now.plusSeconds(3600));
        Map<String, String> all = new LinkedHashMap<>();
        all.put("mutual.pem", next.own().certificatePem() + Files.readString(folder.resolve("retired.pem")));
        all.put("gateway.key", gateway.keyPem());
        all.put("gateway.crt", gateway.certificatePem());
        all.put("gateway.pem", gateway.pem());
        all.put("server.pem", next.issue("broker", now, now.plusSeconds(3600)).pem());
        all.put("mutual-broker.pem", next.own().certificatePem());
        for (Map.Entry<String, String> file : all.entrySet()) {
            Files.writeString(folder.resolve(file.getKey() + ".new"), file.getValue());
            replace(file.getKey());
        }
    }

    private static void replace(String file) throws IOException {
        Files.move(folder.resolve(file + ".new"), folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Clients that may do what they are for stay connected. */
    private static void admitGateway() throws Exception {
        try (Admin admin = Admin.create(security.client(StackSecurity.ADMIN))) {
            admin.createTopics(List.of(new NewTopic("renewal", 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            admin.createAcls(List.of(
                            right(ResourceType.TOPIC, AclOperation.READ),
                            right(ResourceType.TOPIC, AclOperation.WRITE),
                            right(ResourceType.GROUP, AclOperation.READ)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static AclBinding right(ResourceType type, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, "renewal", PatternType.LITERAL),
                new AccessControlEntry("User:CN=gateway", "*", operation, AclPermissionType.ALLOW));
    }

    private static String authority() {
        return folder.resolve("security/users/gateway/authority.pem").toString();
    }

    private void connects(String mark, Map<String, String> names) throws Exception {
        runner.withPropertyValues(block(mark, names)).run(context -> {
            assertThat(context).hasNotFailed();
            try (Admin admin = context.getBean(KafkaClients.class).admin(new ClientName("test", "a"), bounded())) {
                assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                        .hasSize(1);
            }
        });
    }

    private void isRefused(String mark, Map<String, String> names, String password) throws Exception {
        Map<String, String> wrong = new HashMap<>(names);
        wrong.replaceAll((key, value) -> value.equals(password) ? "guessed" : value);
        runner.withPropertyValues(block(mark, wrong)).run(context -> {
            try (Admin admin = context.getBean(KafkaClients.class).admin(new ClientName("test", "a"), bounded())) {
                assertThatThrownBy(() -> admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(AuthenticationException.class);
            }
        });
    }

    private static Map<String, Object> bounded() {
        return Map.of("default.api.timeout.ms", 20_000, "request.timeout.ms", 10_000);
    }

    /** The block that has this mark, with names of the test in place of the page's. */
    private static String[] block(String mark, Map<String, String> names) throws Exception {
        for (Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "connecting.md"))); block.find(); ) {
            String text = block.group(1);
            if (text.contains(mark)) {
                for (Map.Entry<String, String> name : names.entrySet()) {
                    assertThat(text).contains(name.getKey());
                    text = text.replace(name.getKey(), name.getValue());
                }
                return text.lines().toArray(String[]::new);
            }
        }
        throw new AssertionError("docs/connecting.md has no block with " + mark);
    }
}

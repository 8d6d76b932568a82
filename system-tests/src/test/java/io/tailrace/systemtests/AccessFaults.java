package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.local.security.AccessRights;
import io.tailrace.local.security.StackSecurity;
import io.tailrace.local.stack.LocalStack;
import io.tailrace.local.stack.StackMember;
import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;

/** What makes Kafka refuse services that it took before, and how they bear it. */
final class AccessFaults {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final LocalStack stack;
    private final Path data;
    private final Gateway gateway;
    private final Map<String, Long> processes;

    AccessFaults(LocalStack stack, Path data) {
        this.stack = stack;
        this.data = data;
        this.gateway = new Gateway(stack.gateway(1));
        this.processes = processes();
    }

    /** Who is connected stays so: the broker starts anew, and whoever comes back is refused. */
    void certificateAndPassword() throws Exception {
        String before = created(Plans.build(Plans.sh("a", "seq 40 | while read n; do echo line $n; sleep 0.2; done")));
        awaitStatus(before, "running");
        setPasswords("another");
        Path certificate = data.resolve("security/broker/certificate.pem");
        expire(certificate);
        stack.member("broker-1").kill();
        stack.member("broker-1").start();
        allSay("expired certificate", "NotAfter", "expired");

        Files.move(strangersCertificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        allSay("unknown authority", "unable to find valid certification path");

        trustStranger();
        allSay("wrong password", "invalid credentials");

        assertThat(new StackSecurity(data.resolve("security"), Clock.systemUTC()).renewIfDue())
                .as("the stranger's certificate ends soon")
                .isTrue();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> setPasswords(""));
        allGoOn();
        awaitStatus(before, "succeeded");
        try (EventStream stream = gateway.stream(before)) {
            stream.awaitEnd(SOON);
            assertThat(stream.frames())
                    .as("the output from before and after")
                    .anyMatch(it -> it.data().contains("line 1\""))
                    .anyMatch(it -> it.data().contains("line 40"));
        }
    }

    /** Who is connected feels it at the next request. */
    void rights() throws Exception {
        Map<String, String> needed = Map.of(
                "gateway", "tailrace.runs",
                "coordinator", "tailrace.run-commands",
                "build-worker", "tailrace-build-workers",
                "turn-worker", "tailrace-turn-workers");
        List<AclBinding> taken =
                AccessRights.parse(Files.readAllLines(TailraceHome.locate().resolve("docs/operations.md")))
                        .bindings()
                        .stream()
                        .filter(it -> it.entry().operation() == AclOperation.READ)
                        .filter(it -> it.pattern()
                                .name()
                                .equals(needed.get(it.entry().principal().substring("User:".length()))))
                        .toList();
        assertThat(taken).hasSize(4);
        Admin admin = admin();
        try {
            admin.deleteAcls(taken.stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
            for (StackMember service : services()) {
                says(service, "a right that was taken away", "uthoriz");
            }
            admin.createAcls(taken).all().get(30, TimeUnit.SECONDS);
        } finally {
            admin.close(Duration.ZERO);
        }
        allGoOn();
    }

    private void allSay(String fault, String... sentences) {
        services().forEach(it -> says(it, fault, sentences));
    }

    private static void says(StackMember service, String fault, String... sentences) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(readiness(service))
                        .as(service.name() + ", " + fault)
                        .startsWith("503")
                        .containsAnyOf(sentences));
    }

    /** In the same processes as before. */
    private void allGoOn() {
        for (StackMember service : services()) {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(readiness(service)).as(service.name()).startsWith("200"));
        }
        String after = created(Plans.build(Plans.sh("a", "seq 3")));
        awaitStatus(after, "succeeded");
        assertThat(processes()).isEqualTo(processes);
    }

    /** Decided at once, or a little later by a coordinator that has just begun anew. */
    private String created(Map<String, ?> plan) {
        HttpResponse<String> answer = gateway.post("/v1/runs", Gateway.JSON.writeValueAsString(plan));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(201, 202);
        return Gateway.JSON.readTree(answer.body()).get("run_id").asString();
    }

    private void awaitStatus(String run, String status) {
        await("status of " + run)
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> gateway.status(run).equals(status));
    }

    /** It was valid until ten days ago. */
    private void expire(Path certificate) throws IOException {
        Files.delete(certificate);
        Instant longAgo = Instant.now().minus(Duration.ofDays(100));
        assertThat(new StackSecurity(data.resolve("security"), Clock.fixed(longAgo, ZoneOffset.UTC)).renewIfDue())
                .isTrue();
    }

    /** Of an authority that nobody here trusts; it was made so that it ends within days. */
    private Path strangersCertificate() throws IOException {
        Path folder = data.resolve("stranger");
        Instant earlier = Instant.now().minus(Duration.ofDays(80));
        StackSecurity stranger = new StackSecurity(folder, Clock.fixed(earlier, ZoneOffset.UTC));
        stranger.prepare();
        return stranger.broker().certificate();
    }

    /** Beside the authority of the stack; as an operator does it, and with nothing but that. */
    private void trustStranger() throws IOException {
        String authority = Files.readString(data.resolve("stranger/authority/authority.pem"));
        String stranger = authority.substring(authority.indexOf("-----BEGIN CERTIFICATE-----"));
        for (String user : List.of("gateway", "coordinator", "build-worker", "turn-worker")) {
            Path trusted = data.resolve("security/users/" + user + "/authority.pem");
            Path fresh = trusted.resolveSibling("authority.new");
            Files.writeString(fresh, Files.readString(trusted) + stranger);
            Files.move(fresh, trusted, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** @param suffix of the passwords that the services have; they are right with none */
    private void setPasswords(String suffix) throws Exception {
        Admin admin = admin();
        try {
            for (String user : List.of("gateway", "coordinator", "build-worker", "turn-worker")) {
                String password = Files.readString(data.resolve("security/users/" + user + "/password"));
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                user,
                                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                password.strip() + suffix)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private Admin admin() throws IOException {
        return Admin.create(stack.kafkaClient("admin"));
    }

    private List<StackMember> services() {
        return stack.members().stream()
                .filter(it -> !it.name().startsWith("broker"))
                .toList();
    }

    private Map<String, Long> processes() {
        return services().stream().collect(Collectors.toMap(StackMember::name, StackMember::pid));
    }

    private static String readiness(StackMember service) {
        HttpResponse<String> answer = Gateway.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(10))
                        .build());
        return answer.statusCode() + " " + answer.body();
    }
}

#!/usr/bin/env bash
# kafka-clients 4.3.1: a producer that may write nowhere asks for a producer id thousands of times a second.
#
# Behaviour: the default producer is idempotent, so it asks the broker for an id before it sends anything
# (InitProducerId). A user who has neither IdempotentWrite nor Write on any topic is refused with
# CLUSTER_AUTHORIZATION_FAILED. The producer fails the record that waits, at once, and then goes on asking, with nothing
# to send, without a pause: some thousand requests a second over loopback, for as long as it is open. retry.backoff.ms
# and retry.backoff.max.ms change nothing. When the right is there, the next record goes out by the same producer.
# The wrong guess: that it waits for the next record, or between its attempts, as it does when it may write elsewhere
# and not to this topic (then it makes one request for each record).
# Source: org.apache.kafka:kafka-clients 4.3.1 (Maven Central), the broker from kafka_2.13 of the same version.
# Why it matters: one forgotten or withdrawn right of one service loads its brokers and fills their authorizer's log.
# Loopback only; stops by itself after at most some minutes.
set -euo pipefail
version=4.3.1
folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill -9 "$broker" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log; exit 1; }
read -r client controller < <(shuf -i 20000-29999 -n 2 | xargs)
cat > server.properties <<CONFIG
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=CLIENT://127.0.0.1:$client,CONTROLLER://127.0.0.1:$controller
listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.client.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="a" user_admin="a" user_alice="b";
super.users=User:admin;User:ANONYMOUS
log.dirs=$folder/log
offsets.topic.replication.factor=1
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
CONFIG
cat > Finding.java <<'JAVA'
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.StringSerializer;

public class Finding {
    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        try (Admin admin = Admin.create(login(servers, "admin", "a"))) {
            for (int i = 0; ; i++) {
                try {
                    admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
                    break;
                } catch (ExecutionException e) {
                    if (i == 20) throw e;
                    Thread.sleep(500);
                }
            }
            admin.createAcls(List.of(acl(AclOperation.DESCRIBE))).all().get();
            Thread.sleep(2000);
            Properties config = new Properties();
            config.putAll(login(servers, "alice", "b"));
            KafkaProducer<String, String> producer =
                    new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
            try {
                producer.send(new ProducerRecord<>("t", "x")).get(10, TimeUnit.SECONDS);
                System.out.println("sent without the right");
            } catch (ExecutionException e) {
                System.out.println("refused: " + e.getCause().getClass().getSimpleName());
            }
            double before = requests(producer);
            Thread.sleep(5000);
            double idle = requests(producer) - before;
            System.out.println((idle > 1000 ? "more than 1000" : String.valueOf(idle)) + " requests in 5 s with nothing to send");
            admin.createAcls(List.of(acl(AclOperation.WRITE))).all().get();
            Thread.sleep(2000);
            before = requests(producer);
            producer.send(new ProducerRecord<>("t", "y")).get(10, TimeUnit.SECONDS);
            System.out.println("sent with the right, after " + (requests(producer) - before < 10 ? "a few" : "many") + " requests");
            producer.close(Duration.ZERO);
        }
        System.exit(0);
    }

    private static Map<String, Object> login(String servers, String user, String password) {
        return Map.of("bootstrap.servers", servers, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"" + password + "\";");
    }

    private static AclBinding acl(AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
                new AccessControlEntry("User:alice", "*", operation, AclPermissionType.ALLOW));
    }

    private static double requests(KafkaProducer<?, ?> producer) {
        return producer.metrics().values().stream()
                .filter(it -> it.metricName().name().equals("request-total")
                        && it.metricName().group().equals("producer-metrics"))
                .mapToDouble(it -> (Double) it.metricValue())
                .sum();
    }
}
JAVA
run() { java -Xmx256m -cp "lib/*" "$@"; }
run kafka.tools.StorageTool format -t "$(run kafka.tools.StorageTool random-uuid 2>/dev/null)" -c server.properties > format.log 2>&1 || { cat format.log; exit 1; }
java -Xmx256m -cp "lib/*" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!
disown
echo "kafka-clients $version, $(java -version 2>&1 | head -n 1)"
said=$(timeout 120 java -cp "lib/*" Finding.java "127.0.0.1:$client" 2> finding.log) || { cat finding.log; exit 1; }
echo "$said"
grep -q '^refused: ClusterAuthorizationException$' <<< "$said"
grep -q '^more than 1000 requests in 5 s with nothing to send$' <<< "$said"
grep -q '^sent with the right, after a few requests$' <<< "$said"

#!/usr/bin/env bash
# kafka-clients 4.3.1: a client that is closed does not tell its metrics reporters of all its metrics that they are gone.
#
# Behaviour: MetricsReporter.metricChange is called for each metric of a client, and metricRemoval "whenever a metric is
# removed". When the client is closed all of its metrics end; metricRemoval is called for those of its connections, and
# not for the others (30 of a producer's 77, 16 of a consumer's 61): for these there is close() alone.
# The wrong guess: that a reporter which adds to a registry in metricChange, and takes away in metricRemoval, leaves
# nothing behind. The registry keeps the metrics of every client that there ever was, and with them the clients.
# Source: org.apache.kafka:kafka-clients 4.3.1 (Maven Central), Metrics.close().
# Why it matters: a service that makes clients now and then has a leak, and shows values of clients that are gone.
set -euo pipefail
version=4.3.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
cat > "$folder/Finding.java" <<'JAVA'
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class Finding {
    public static class Reporter implements MetricsReporter {
        static final Set<KafkaMetric> KNOWN = ConcurrentHashMap.newKeySet();
        static volatile boolean closed;

        public void configure(Map<String, ?> configs) {
            closed = false;
            KNOWN.clear();
        }

        public void init(List<KafkaMetric> metrics) {
            KNOWN.addAll(metrics);
        }

        public void metricChange(KafkaMetric metric) {
            KNOWN.add(metric);
        }

        public void metricRemoval(KafkaMetric metric) {
            KNOWN.remove(metric);
        }

        public void close() {
            closed = true;
        }
    }

    public static void main(String[] arguments) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", "127.0.0.1:1", "metric.reporters", Reporter.class.getName());
        var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        said("KafkaProducer", () -> producer.close(Duration.ofSeconds(5)));
        var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        said("KafkaConsumer", consumer::close);
        Admin admin = Admin.create(config);
        said("KafkaAdminClient", () -> admin.close(Duration.ofSeconds(5)));
        System.exit(0);
    }

    private static void said(String client, Runnable close) {
        int before = Reporter.KNOWN.size();
        close.run();
        int left = Reporter.KNOWN.size();
        System.out.println(client + ": reporter closed " + Reporter.closed + ", metrics never removed " + (left > 0) + " ("
                + left + " of " + before + ")");
    }
}
JAVA
(cd "$folder" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
echo "kafka-clients $version, $(java -version 2>&1 | head -n 1)"
said=$(java -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null)
echo "$said"
[ "$(grep -c 'reporter closed true, metrics never removed true' <<< "$said")" = 3 ]

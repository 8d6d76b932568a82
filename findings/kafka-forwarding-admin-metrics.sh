#!/usr/bin/env bash
# kafka-clients 4.3.1: ForwardingAdmin does not forward everything that Kafka Streams asks of an admin client.
#
# Behaviour: ForwardingAdmin is the class to extend when one wants to add to an Admin (KIP-787): it forwards each call to
# a client of its own. Its registerMetricForSubscription and unregisterMetricFromSubscription (KIP-1076) do not: they
# throw UnsupportedOperationException, while the client that Admin.create makes takes them.
# The wrong guess: that a KafkaClientSupplier may hand a ForwardingAdmin to Kafka Streams as it is. Streams registers each
# of its metrics with its admin client and logs an error with a stack trace for every one of them.
# Source: org.apache.kafka:kafka-clients 4.3.1 (Maven Central).
# Why it matters: who bounds or observes the admin client of Streams drowns a service's log in errors that mean nothing.
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
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.utils.Time;

public class Finding {
    public static void main(String[] arguments) {
        Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1");
        Measurable one = (metricConfig, now) -> 1.0;
        KafkaMetric metric = new KafkaMetric(
                new Object(), new MetricName("n", "g", "d", Map.of()), one, new MetricConfig(), Time.SYSTEM);
        for (Admin admin : new Admin[] {Admin.create(config), new ForwardingAdmin(config)}) {
            String name = admin.getClass().getSimpleName();
            try {
                admin.registerMetricForSubscription(metric);
                System.out.println(name + " takes a metric");
            } catch (UnsupportedOperationException e) {
                System.out.println(name + " throws UnsupportedOperationException");
            }
            admin.close(Duration.ZERO);
        }
        System.exit(0);
    }
}
JAVA
(cd "$folder" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib)
echo "kafka-clients $version, $(java -version 2>&1 | head -n 1)"
said=$(java -cp "$folder/lib/*" "$folder/Finding.java" 2>/dev/null)
echo "$said"
grep -q '^KafkaAdminClient takes a metric$' <<< "$said"
grep -q '^ForwardingAdmin throws UnsupportedOperationException$' <<< "$said"

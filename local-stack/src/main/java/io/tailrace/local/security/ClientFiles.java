package io.tailrace.local.security;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * How a user reaches a secured Kafka, in the words of each kind of client. Immutable.
 *
 * @param authority the certificate of who vouches for the brokers, a PEM file
 */
record ClientFiles(String bootstrapServers, String user, String password, Path authority) {

    private static final String PROTOCOL = "SASL_SSL";
    private static final String MECHANISM = "SCRAM-SHA-512";

    /** Settings of a Kafka client, which Kafka's console tools take as well. */
    String kafkaClient() {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        all.put("bootstrap.servers", bootstrapServers);
        all.put("security.protocol", PROTOCOL);
        all.put("sasl.mechanism", MECHANISM);
        all.put("sasl.jaas.config", jaas());
        all.put("ssl.truststore.type", "PEM");
        all.put("ssl.truststore.location", authority.toString());
        return text(all);
    }

    /** Of librdkafka, and so of kcat. */
    String librdkafka() {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        all.put("bootstrap.servers", bootstrapServers);
        all.put("security.protocol", PROTOCOL);
        all.put("sasl.mechanism", MECHANISM);
        all.put("sasl.username", user);
        all.put("sasl.password", password);
        all.put("ssl.ca.location", authority.toString());
        return text(all);
    }

    /** Properties of Spring Boot, for a service that imports the file. */
    String springBoot() {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        all.put("spring.kafka.bootstrap-servers", bootstrapServers);
        all.put("spring.kafka.security.protocol", PROTOCOL);
        all.put("spring.kafka.properties.sasl.mechanism", MECHANISM);
        all.put("spring.kafka.properties.sasl.jaas.config", jaas());
        all.put("spring.kafka.ssl.bundle", "kafka");
        all.put(
                "spring.ssl.bundle.pem.kafka.truststore.certificate",
                authority.toUri().toString());
        all.put("spring.ssl.bundle.pem.kafka.reload-on-update", "true");
        // The stack replaces its files as wholes.
        all.put("spring.ssl.bundle.watch.file.quiet-period", "1s");
        return text(all);
    }

    private String jaas() {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** None of the values has a character that any of the readers takes for more than itself, but a path may. */
    private static String text(SequencedMap<String, String> all) {
        return all.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue().replace("\\", "\\\\") + "\n")
                .collect(Collectors.joining());
    }

    static Map<String, Object> parse(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, Object> all = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(it -> all.put(it, properties.getProperty(it)));
        return all;
    }
}

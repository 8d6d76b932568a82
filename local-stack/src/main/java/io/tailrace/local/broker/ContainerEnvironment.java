package io.tailrace.local.broker;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The embedded broker's behaviour as environment variables of the official Kafka image. */
public final class ContainerEnvironment {

    private ContainerEnvironment() {}

    public static Map<String, String> variables() {
        return BrokerProperties.behaviour(1).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> "KAFKA_"
                                + entry.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                        Map.Entry::getValue));
    }
}

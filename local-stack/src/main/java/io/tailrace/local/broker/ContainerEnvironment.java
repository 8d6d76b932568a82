package io.tailrace.local.broker;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The embedded broker's behaviour as environment variables of the official Kafka image. */
public final class ContainerEnvironment {

    private ContainerEnvironment() {}

    /**
     * The variables, for each broker alike.
     *
     * @param brokers how many the cluster has
     */
    public static Map<String, String> variables(int brokers) {
        return BrokerProperties.behaviour(brokers).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> "KAFKA_"
                                + entry.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                        Map.Entry::getValue));
    }
}

package io.tailrace.local.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a cluster that asks its clients who they are. Clients come over TLS and log in by SCRAM-SHA-512. The nodes
 * know each other by a key of their own: each presents it, and trusts it alone. All files are PEM but the last.
 *
 * @param certificate what clients see: private key and certificate; brokers that run take up a new one
 * @param node what nodes show each other: private key and certificate, good for as long as the cluster lives
 * @param nodeTrust the same certificate without the key
 * @param users who can log in when the cluster begins, in the words of Kafka's {@code --add-scram}, one a line
 */
public record BrokerSecurity(Path certificate, Path node, Path nodeTrust, Path users) {

    /** Who may do everything: the nodes, and the administrator that {@code users} has to name so. */
    private static final String SUPER_USERS = "User:CN=broker;User:admin";

    /** Settings that are the same for each node. */
    Map<String, String> properties() {
        Map<String, String> all = new TreeMap<>();
        all.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        all.put("allow.everyone.if.no.acl.found", "false");
        all.put("super.users", SUPER_USERS);
        all.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        all.put(
                "listener.name.client.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        all.put("listener.name.client.ssl.keystore.type", "PEM");
        all.put("listener.name.client.ssl.keystore.location", certificate.toString());
        for (String listener : new String[] {"broker", "controller"}) {
            String prefix = "listener.name." + listener + ".ssl.";
            all.put(prefix + "client.auth", "required");
            all.put(prefix + "keystore.type", "PEM");
            all.put(prefix + "keystore.location", node.toString());
            all.put(prefix + "truststore.type", "PEM");
            all.put(prefix + "truststore.location", nodeTrust.toString());
        }
        return all;
    }
}

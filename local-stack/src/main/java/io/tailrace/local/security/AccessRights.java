package io.tailrace.local.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What the services may do in Kafka. It is written down once, as the commands of {@code rights.sh}, which are those that
 * docs/operations.md tells operators to give. Immutable.
 *
 * @param bindings one for each operation on each resource
 */
public record AccessRights(Set<AclBinding> bindings) {

    private static final String USER = "User:";
    private static final Pattern EVERYBODY = Pattern.compile("for who in ([a-z -]+); do");
    private static final Pattern GRANT = Pattern.compile("\\s*acl (User:\\S+) (.*)");
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+) (\\S+)");

    public AccessRights {
        bindings = Set.copyOf(bindings);
    }

    /** Those of the services of this release. */
    static AccessRights ofServices() throws IOException {
        try (InputStream in = AccessRights.class.getResourceAsStream("rights.sh");
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(in, "rights.sh is missing"), StandardCharsets.UTF_8))) {
            return parse(lines.readAllLines());
        }
    }

    /**
     * Reads the commands {@code acl User:NAME --topic …} among these lines.
     *
     * @throws IllegalArgumentException when one has an option that is not known
     */
    public static AccessRights parse(List<String> lines) {
        Set<AclBinding> rights = new LinkedHashSet<>();
        List<String> everybody = List.of();
        for (String line : lines) {
            Matcher loop = EVERYBODY.matcher(line);
            if (loop.matches()) {
                everybody = List.of(loop.group(1).split(" ", -1));
            }
            Matcher grant = GRANT.matcher(line);
            if (grant.matches()) {
                List<String> principals = grant.group(1).equals(USER + "$who")
                        ? everybody.stream().map(USER::concat).toList()
                        : List.of(grant.group(1));
                principals.forEach(it -> rights.addAll(of(it, grant.group(2))));
            }
        }
        return new AccessRights(rights);
    }

    private static List<AclBinding> of(String principal, String options) {
        PatternType matched =
                options.contains("--resource-pattern-type prefixed") ? PatternType.PREFIXED : PatternType.LITERAL;
        List<AclBinding> rights = new ArrayList<>();
        for (Matcher resource = OPTION.matcher(options); resource.find(); ) {
            ResourceType type = switch (resource.group(1)) {
                case "topic" -> ResourceType.TOPIC;
                case "group" -> ResourceType.GROUP;
                case "transactional-id" -> ResourceType.TRANSACTIONAL_ID;
                case "operation", "resource-pattern-type" -> ResourceType.UNKNOWN;
                default -> throw new IllegalArgumentException("not an option of ours: " + resource.group());
            };
            if (type != ResourceType.UNKNOWN) {
                ResourcePattern pattern = new ResourcePattern(type, resource.group(2), matched);
                for (AclOperation operation : operations(options)) {
                    rights.add(new AclBinding(
                            pattern, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
                }
            }
        }
        return rights;
    }

    private static List<AclOperation> operations(String options) {
        List<AclOperation> operations = new ArrayList<>();
        for (Matcher option = OPTION.matcher(options); option.find(); ) {
            if (option.group(1).equals("operation")) {
                String name = option.group(2).replaceAll("([a-z])([A-Z])", "$1_$2");
                operations.add(AclOperation.valueOf(name.toUpperCase(Locale.ROOT)));
            }
        }
        return operations;
    }

    /** The users that have any, as they log in. */
    public Set<String> users() {
        return bindings.stream()
                .map(it -> it.entry().principal().substring(USER.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it is a right of one of these users. */
    boolean concerns(AclBinding binding) {
        String principal = binding.entry().principal();
        return bindings.stream().anyMatch(it -> it.entry().principal().equals(principal));
    }
}

package io.tailrace.systemtests;

import io.tailrace.local.stack.TailraceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rights that docs/operations.md grants, read from its commands. */
final class DocumentedRights {
    private static final Pattern EVERYBODY = Pattern.compile("for who in ([a-z -]+); do");
    private static final Pattern GRANT = Pattern.compile("\\s*acl (User:\\S+) (.*)");
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+) (\\S+)");

    private DocumentedRights() {}

    static List<AclBinding> read() throws IOException {
        List<AclBinding> rights = new ArrayList<>();
        List<String> everybody = List.of();
        for (String line : Files.readAllLines(TailraceHome.locate().resolve("docs/operations.md"))) {
            Matcher loop = EVERYBODY.matcher(line);
            if (loop.matches()) {
                everybody = List.of(loop.group(1).split(" ", -1));
            }
            Matcher grant = GRANT.matcher(line);
            if (grant.matches()) {
                List<String> principals = grant.group(1).equals("User:$who")
                        ? everybody.stream().map("User:"::concat).toList()
                        : List.of(grant.group(1));
                principals.forEach(it -> rights.addAll(of(it, grant.group(2))));
            }
        }
        return rights;
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
                default -> throw new IllegalArgumentException(resource.group());
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
}

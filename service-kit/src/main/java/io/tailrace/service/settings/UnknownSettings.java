package io.tailrace.service.settings;

import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds what an operator has set below {@code tailrace.} that nobody knows. In the environment, and among the JVM's
 * properties, names of other services are allowed, because processes share them; everywhere else only the service's own
 * are. Confined to one thread.
 */
final class UnknownSettings {
    /** What names of ours begin with. */
    static final String OURS = "tailrace";

    private final NameCatalogue catalogue;
    private final PropertyNames own;
    private final PropertyNames everybodys = new PropertyNames();
    private final TreeMap<String, String> found = new TreeMap<>();

    /** @param own names of the service's settings */
    UnknownSettings(NameCatalogue catalogue, PropertyNames own) {
        this.catalogue = catalogue;
        this.own = own;
        own.addAll(catalogue.of(NameCatalogue.EVERY_SERVICE));
        everybodys.addAll(catalogue.all());
        everybodys.addAll(own.all());
    }

    /** @param shared whether other processes' names may stand there too */
    void look(String name, boolean shared) {
        String uniform = PropertyNames.uniform(name);
        boolean isOurs = uniform.startsWith(OURS) && uniform.length() > OURS.length();
        if (isOurs && !(shared ? everybodys : own).has(name)) {
            found.put(name, sentence(name, uniform));
        }
    }

    private String sentence(String name, String uniform) {
        String now = catalogue.moved().get(uniform);
        if (now != null) {
            return name + " is called " + now + " now (environment: " + PropertyNames.variable(now) + ").";
        }
        Optional<String> nearest = own.nearest(name);
        String unknown = name + " is unknown.";
        return nearest.map(it -> unknown + " The nearest known name is " + it + " (environment: "
                        + PropertyNames.variable(it) + ").")
                .orElse(unknown);
    }

    /** @throws StartRefused if there is any */
    void refuse() {
        if (!found.isEmpty()) {
            throw new StartRefused(
                    String.join("\n", found.values()),
                    "Correct or remove "
                            + (found.size() == 1 ? "it" : "them")
                            + ". This service knows: "
                            + String.join(", ", own.all()));
        }
    }

    /** The names that were found. */
    Set<String> names() {
        return found.keySet();
    }
}

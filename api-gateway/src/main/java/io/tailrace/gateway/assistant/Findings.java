package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.problem.FieldFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What is found about a document: errors, for which it is refused, and warnings. Confined to one thread. */
final class Findings {
    /** Of each kind; more of them help nobody. */
    static final int MOST = 100;

    private final List<FieldFinding> errors = new ArrayList<>();
    private final List<FieldFinding> warnings = new ArrayList<>();

    /** Reads a part of the document. */
    interface Reading<T> {
        T read() throws InvalidInput;
    }

    void error(String path, String code, String detail) {
        add(errors, path, code, detail);
    }

    void warning(String path, String code, String detail) {
        add(warnings, path, code, detail);
    }

    private static void add(List<FieldFinding> to, String path, String code, String detail) {
        FieldFinding finding = new FieldFinding(path, code, detail);
        if (to.size() < MOST && !to.contains(finding)) {
            to.add(finding);
        }
    }

    /** What was read; empty if it cannot be taken, which is an error then. */
    <T> Optional<T> attempt(Reading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (InvalidInput e) {
            error(e.field(), e.code(), e.reason());
            return Optional.empty();
        }
    }

    /** As {@link #attempt}, of what may be absent. */
    <T> Optional<T> maybe(Reading<Optional<T>> reading) {
        return attempt(reading).flatMap(it -> it);
    }

    /**
     * The members of a list, each read at its path; none if the list cannot be taken.
     *
     * @param max how many there may be
     */
    <T> List<T> members(Fields fields, String name, int max, BiFunction<String, @Nullable Object, T> member) {
        List<T> found = new ArrayList<>();
        List<?> list = maybe(() -> fields.list(name, max)).orElse(List.of());
        for (int i = 0; i < list.size(); i++) {
            found.add(member.apply(fields.pathOf(name) + "[" + i + "]", list.get(i)));
        }
        return found;
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    List<FieldFinding> errors() {
        return List.copyOf(errors);
    }

    List<FieldFinding> warnings() {
        return List.copyOf(warnings);
    }
}

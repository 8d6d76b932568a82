package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import java.util.List;
import java.util.Optional;

/** What a model may call while it answers a prompt: under its own name, with arguments of its own kind. */
@AvroName(namespace = "io.tailrace.events.plan")
@AvroUnion({Tool.HttpGet.class, Tool.RepositorySearch.class})
public sealed interface Tool extends Tagged permits Tool.HttpGet, Tool.RepositorySearch {
    /** By which the model calls it; unique among the tools of its prompt. */
    String name();

    /** What the model is told about it, beside what its kind says. */
    Optional<String> description();

    /**
     * Whether a call whose end is not known may be executed once more. Of one that may not, the model is told that its
     * outcome is unknown.
     */
    boolean idempotent();

    @Override
    default String tagName() {
        return "type";
    }

    /**
     * Fetches an address by HTTP GET.
     *
     * @param hosts of which the address must be one, in lower case; the operator's list narrows them further
     */
    record HttpGet(String name, Optional<String> description, List<String> hosts, boolean idempotent) implements Tool {
        /** What people call it. */
        public static final String TAG = "http_get";

        public HttpGet {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String tag() {
            return TAG;
        }
    }

    /**
     * Searches repositories for what the model asks.
     *
     * @param retrieval where, how, and how much of it
     */
    record RepositorySearch(String name, Optional<String> description, Retrieval retrieval) implements Tool {
        /** What people call it. */
        public static final String TAG = "search";

        @Override
        public boolean idempotent() {
            return true;
        }

        @Override
        public String tag() {
            return TAG;
        }
    }
}

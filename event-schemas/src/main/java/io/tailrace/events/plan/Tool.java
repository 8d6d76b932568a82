package io.tailrace.events.plan;

import io.tailrace.events.id.AvroName;
import io.tailrace.events.id.AvroUnion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a model may call while it answers a prompt: under its own name, with arguments of its own kind. */
@AvroName(namespace = "io.tailrace.events.plan")
@AvroUnion({Tool.HttpGet.class, Tool.RepositorySearch.class, Tool.Build.class, Tool.Mcp.class})
public sealed interface Tool extends Tagged permits Tool.HttpGet, Tool.RepositorySearch, Tool.Build, Tool.Mcp {
    /** How long a person has to approve a call, if the tool says nothing else. */
    Duration DEFAULT_APPROVAL = Duration.ofHours(1);

    /** The longest time that a person may be given to approve a call. */
    Duration MAX_APPROVAL = Duration.ofDays(7);

    /** By which the model calls it; unique among the tools of its prompt. */
    String name();

    /** What the model is told about it, beside what its kind says. */
    Optional<String> description();

    /**
     * Whether a call whose end is not known may be executed once more. Of one that may not, the model is told that its
     * outcome is unknown.
     */
    boolean idempotent();

    /** How long a person has to approve a call before it is executed; empty if nobody is asked. */
    Optional<Duration> approval();

    /** Whether a call is executed within the turn's own stage, once it may be. Otherwise in a stage of its own. */
    default boolean isExecutedInTurn() {
        return true;
    }

    /** Whether a turn that calls it has to wait for something else than the call itself. */
    default boolean pauses() {
        return approval().isPresent() || !isExecutedInTurn();
    }

    @Override
    default String tagName() {
        return "type";
    }

    /**
     * Fetches an address by HTTP GET.
     *
     * @param hosts of which the address must be one, each a {@link HostPattern}; the operator's list narrows them further
     */
    record HttpGet(
            String name,
            Optional<String> description,
            List<String> hosts,
            boolean idempotent,
            Optional<Duration> approval)
            implements Tool {
        /** What people call it. */
        public static final String TAG = "http_get";

        public HttpGet {
            hosts = List.copyOf(hosts);
        }

        /** One that nobody has to approve. */
        public HttpGet(String name, Optional<String> description, List<String> hosts, boolean idempotent) {
            this(name, description, hosts, idempotent, Optional.empty());
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
    record RepositorySearch(String name, Optional<String> description, Retrieval retrieval, Optional<Duration> approval)
            implements Tool {
        /** What people call it. */
        public static final String TAG = "search";

        /** One that nobody has to approve. */
        public RepositorySearch(String name, Optional<String> description, Retrieval retrieval) {
            this(name, description, retrieval, Optional.empty());
        }

        @Override
        public boolean idempotent() {
            return true;
        }

        @Override
        public String tag() {
            return TAG;
        }
    }

    /**
     * A build, executed by a build-worker as a stage of its own, while the turn is paused. The model is told how it ended and
     * what it printed last.
     *
     * @param build what is built; each of its inputs is {@code from} one of the parameters
     * @param parameters what the model is to say, each name once
     */
    record Build(
            String name,
            Optional<String> description,
            BuildStep build,
            List<Parameter> parameters,
            Optional<Duration> approval)
            implements Tool {
        /** What people call it. */
        public static final String TAG = "build";

        public static final int MAX_PARAMETERS = 20;

        /** @throws IllegalArgumentException if two parameters have one name, or an input is from none of them */
        public Build {
            parameters = List.copyOf(parameters);
            Set<String> names = new HashSet<>();
            parameters.forEach(it -> require(names.add(it.name())));
            build.inputList().forEach(it -> require(names.contains(it.from())));
        }

        private static void require(boolean kept) {
            if (!kept) {
                throw new IllegalArgumentException("a build's inputs are from its parameters, each of one name");
            }
        }

        /** A build whose worker is lost begins anew in another attempt, as each build does. */
        @Override
        public boolean idempotent() {
            return true;
        }

        @Override
        public boolean isExecutedInTurn() {
            return false;
        }

        @Override
        public String tag() {
            return TAG;
        }
    }

    /**
     * What the model says when it calls a build: a text.
     *
     * @param description what the model is told about it
     */
    record Parameter(String name, Optional<String> description, boolean required) {}

    /**
     * A tool of a server that speaks the Model Context Protocol. Servers are the operator's.
     *
     * @param server the server's name in the operator's file
     * @param tool the tool's name there
     */
    record Mcp(
            String name,
            Optional<String> description,
            String server,
            String tool,
            boolean idempotent,
            Optional<Duration> approval)
            implements Tool {
        /** What people call it. */
        public static final String TAG = "mcp";

        @Override
        public String tag() {
            return TAG;
        }
    }
}

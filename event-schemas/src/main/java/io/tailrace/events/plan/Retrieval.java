package io.tailrace.events.plan;

import io.tailrace.events.definition.RepositoryDefinition;
import io.tailrace.events.id.AvroName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a prompt is to be told from repositories. Every worker finds the same, because the versions stand here.
 *
 * @param sources asked in this order
 * @param maxChunks at most so many over all sources, 1 to {@value #MAX_CHUNKS}
 * @param maxTokens at most so many, by our estimate
 */
@AvroName(namespace = "io.tailrace.events.plan")
public record Retrieval(List<Source> sources, SearchType searchType, int maxChunks, int maxTokens) {
    public static final int MAX_CHUNKS = 50;

    public Retrieval {
        sources = List.copyOf(sources);
    }

    /** How repositories are searched. */
    public enum SearchType {
        KEYWORD,
        VECTOR,
        HYBRID;

        /** What people call it; empty if it is none. */
        public static Optional<SearchType> named(String text) {
            return Arrays.stream(values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst();
        }
    }

    /**
     * A repository at a version.
     *
     * @param id its number, as the assistant's author chose it
     * @param repository its name in the run's workspace
     * @param generation of the repository under this name
     * @param shape what it is made for
     * @param version the position in its log that is asked
     */
    public record Source(int id, String repository, int generation, RepositoryDefinition.Shape shape, long version) {}
}

package io.tailrace.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents, and questions with judged answers. The texts are in the resources {@code retrieval/documents.ndjson} and
 * {@code retrieval/questions.ndjson}, which {@link RetrievalCorpusWriter} writes.
 */
record RetrievalCorpus(List<Document> documents, List<Question> questions) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A document, as Markdown. */
    record Document(String id, String title, String text) {}

    /**
     * A question.
     *
     * @param kind what makes it hard; results are shown by kind too
     * @param grades of documents that answer it: 2 fully, 1 in part
     */
    record Question(String id, String kind, String text, Map<String, Integer> grades) {}

    static RetrievalCorpus committed() throws IOException {
        List<Document> documents = new ArrayList<>();
        for (String line : lines("documents.ndjson")) {
            documents.add(JSON.readValue(line, Document.class));
        }
        List<Question> questions = new ArrayList<>();
        for (String line : lines("questions.ndjson")) {
            questions.add(JSON.readValue(line, Question.class));
        }
        return new RetrievalCorpus(documents, questions);
    }

    static List<String> lines(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RetrievalCorpus.class.getResourceAsStream("/retrieval/" + resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}

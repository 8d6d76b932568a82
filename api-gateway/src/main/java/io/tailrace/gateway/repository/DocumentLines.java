package io.tailrace.gateway.repository;

import io.tailrace.events.plan.Fields;
import io.tailrace.events.plan.InvalidInput;
import io.tailrace.gateway.request.JsonBody;
import io.tailrace.knowledge.text.DocumentFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Documents as lines of JSON: {@code {"id":…, "text":…, "title":…, "content_type":…}}. Pure. */
final class DocumentLines {
    private static final int MAX_LINES = 1000;

    static final String TITLE_RULE = "A title has 1 to " + DocumentIntake.MAX_TITLE
            + " characters, not all of them blank, no control characters";

    private DocumentLines() {}

    static boolean isTitle(String title) {
        return title.length() <= DocumentIntake.MAX_TITLE
                && !title.isBlank()
                && title.chars().noneMatch(Character::isISOControl);
    }

    /** @throws InvalidInput for the first line that is none, with its number */
    static List<SentDocument> read(byte[] body) throws InvalidInput {
        List<SentDocument> documents = new ArrayList<>();
        int number = 0;
        for (int start = 0; start < body.length; ) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            number++;
            byte[] line = Arrays.copyOfRange(body, start, end);
            if (!isBlank(line)) {
                if (documents.size() == MAX_LINES) {
                    throw new InvalidInput("too_many", "", "At most " + MAX_LINES + " documents are allowed");
                }
                documents.add(document(line, number));
            }
            start = end + 1;
        }
        if (documents.isEmpty()) {
            throw new InvalidInput("missing_field", "", "There is no document in the body");
        }
        return documents;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static SentDocument document(byte[] line, int number) throws InvalidInput {
        try {
            Fields fields = Fields.of("", JsonBody.part(line), Set.of("id", "title", "content_type", "text"));
            String id = fields.string("id", Integer.MAX_VALUE).orElseThrow(() -> fields.missing("id"));
            if (!RepositoryNames.isDocument(id)) {
                throw new InvalidInput("invalid_value", "id", RepositoryNames.DOCUMENT_RULE);
            }
            String type = fields.string("content_type", 200).orElse(DocumentFormat.PLAIN.mediaType());
            DocumentFormat format = DocumentFormat.ofMediaType(type)
                    .filter(it -> it != DocumentFormat.PDF)
                    .orElseThrow(() -> new InvalidInput(
                            "invalid_value",
                            "content_type",
                            "Lines have text/plain, text/markdown or text/html; a PDF is sent by itself"));
            Optional<String> title = fields.text("title", DocumentIntake.MAX_TITLE);
            String text = fields.string("text", Integer.MAX_VALUE).orElseThrow(() -> fields.missing("text"));
            return new SentDocument(id, title, format, text.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidInput e) {
            String field = e.field().isEmpty() ? "line " + number : "line " + number + ": " + e.field();
            throw new InvalidInput(e.code(), field, e.reason());
        }
    }
}

package io.tailrace.knowledge.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.knowledge.text.Block;
import io.tailrace.knowledge.text.DocumentText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    @Test
    void proseIsCutBehindSentences() {
        String text = "One two three four five. Six seven eight nine ten. Eleven twelve.";
        assertThat(texts(new DocumentText(text, List.of(new Block.Prose(0, text.length()))), 14))
                .containsExactly("One two three four five. Six seven eight nine ten.", "Eleven twelve.");
    }

    @Test
    void codeIsCutAtEmptyLinesAndKeepsItsIndentation() {
        String text = "  a b c d e;\n  f g h i j;\n\n  k l m n o;\n  p q r s t;";
        DocumentText document = new DocumentText(text, List.of(new Block.Code(0, text.length())));
        assertThat(texts(document, 16)).containsExactly("  a b c d e;\n  f g h i j;", "  k l m n o;\n  p q r s t;");
        assertThat(chunks(document, 16)).allMatch(Chunk::cutsCode);
    }

    @Test
    void fourMegabytesWithoutABlankAreCutInPassing() {
        String text = "x".repeat(4 * 1024 * 1024);
        List<Chunk> chunks = chunks(new DocumentText(text, List.of(new Block.Prose(0, text.length()))), 100);
        assertThat(chunks.size()).isBetween(text.length() / 212, text.length() / 200);
    }

    @Test
    void anEstimateIsRatherTooHigh() {
        assertThat(TokenEstimate.of("The quick brown fox.")).isEqualTo(5);
        assertThat(TokenEstimate.of("parseRetryAfterHeader(max_bytes)")).isEqualTo(13);
        assertThat(TokenEstimate.of("2026-11-30")).isEqualTo(6);
        assertThat(TokenEstimate.of("\u6f22\u5b57 \uD83D\uDE00")).isEqualTo(3);
    }

    private static List<String> texts(DocumentText document, int maxTokens) {
        return chunks(document, maxTokens).stream().map(Chunk::text).toList();
    }

    private static List<Chunk> chunks(DocumentText document, int maxTokens) {
        return new Chunker(ChunkLimits.ofTokens(maxTokens)).chunk(document);
    }
}

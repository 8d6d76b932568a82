package io.tailrace.knowledge.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.knowledge.text.Block;
import io.tailrace.knowledge.text.DocumentFormat;
import io.tailrace.knowledge.text.DocumentText;
import io.tailrace.knowledge.text.Extraction;
import io.tailrace.knowledge.text.ExtractionLimits;
import io.tailrace.knowledge.text.PdfProcess;
import io.tailrace.knowledge.text.TextExtractor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the document: nothing is lost, nothing is too large, and every position is right. */
class ChunkerProperties {
    private static final TextExtractor EXTRACTOR =
            new TextExtractor(ExtractionLimits.DEFAULT, PdfProcess.startedBy(List.of("/never/started")));

    @Property(tries = 1000)
    void chunksHaveTheWholeTextInOrder(
            @ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        String text = document.text();
        int end = 0;
        int ordinal = 0;
        for (Chunk chunk : new Chunker(limits).chunk(document)) {
            assertThat(chunk.ordinal()).isEqualTo(ordinal++);
            assertThat(chunk.start()).isGreaterThanOrEqualTo(end);
            assertThat(text.substring(end, chunk.start())).isBlank();
            assertThat(text.substring(chunk.start(), chunk.end())).isEqualTo(chunk.text());
            assertThat(chunk.text()).isNotBlank();
            end = chunk.end();
        }
        assertThat(text.substring(end)).isBlank();
    }

    @Property(tries = 1000)
    void noChunkIsAboveItsBounds(@ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        for (Chunk chunk : new Chunker(limits).chunk(document)) {
            assertThat(TokenEstimate.of(chunk.text())).isLessThanOrEqualTo(limits.maxTokens());
            assertThat(chunk.text().length()).isLessThanOrEqualTo(limits.maxCharacters());
            assertThat(Character.isLowSurrogate(chunk.text().charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(
                            chunk.text().charAt(chunk.text().length() - 1)))
                    .isFalse();
        }
    }

    @Property(tries = 1000)
    void blocksThatFitAreNotCut(@ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        List<Chunk> chunks = new Chunker(limits).chunk(document);
        for (Block block : document.blocks()) {
            String source =
                    document.text().substring(block.start(), block.end()).strip();
            boolean fits = TokenEstimate.of(document.text(), block.start(), block.end()) <= limits.maxTokens()
                    && block.end() - block.start() <= limits.maxCharacters();
            long having = chunks.stream()
                    .filter(it -> it.start() < block.end() && block.start() < it.end())
                    .count();
            if (fits) {
                assertThat(having).as(source).isLessThanOrEqualTo(1);
            }
            if (block instanceof Block.Code code) {
                boolean cut = having > 1;
                assertThat(chunks)
                        .filteredOn(it -> it.start() < code.end() && code.start() < it.end())
                        .allSatisfy(it -> assertThat(!cut || it.cutsCode()).isTrue());
            }
        }
        if (document.blocks().stream().noneMatch(it -> it instanceof Block.Code)) {
            assertThat(chunks).noneMatch(Chunk::cutsCode);
        }
    }

    /** By another way of counting: the last heading before the chunk's end, and for each level above the last before it. */
    @Property(tries = 1000)
    void headingsAreThoseAboveTheEnd(@ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        for (Chunk chunk : new Chunker(limits).chunk(document)) {
            List<Block.Heading> before = document.blocks().stream()
                    .filter(it -> it instanceof Block.Heading && it.start() < chunk.end())
                    .map(Block.Heading.class::cast)
                    .toList();
            List<String> expected = new ArrayList<>();
            int level = 7;
            for (Block.Heading heading : before.reversed()) {
                if (heading.level() < level) {
                    level = heading.level();
                    expected.addFirst(heading.title());
                }
            }
            assertThat(chunk.headings()).isEqualTo(expected);
        }
    }

    @Property(tries = 1000)
    void aHeadingBeginsAChunkUnlessHeadingsAreBeforeIt(
            @ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        for (Chunk chunk : new Chunker(limits).chunk(document)) {
            boolean body = false;
            for (Block block : document.blocks()) {
                if (block.start() < chunk.end() && chunk.start() < block.end()) {
                    assertThat(body && block instanceof Block.Heading).isFalse();
                    body |= !(block instanceof Block.Heading);
                }
            }
        }
    }

    @Property(tries = 200)
    void theSameTextGivesTheSameChunks(
            @ForAll("documents") DocumentText document, @ForAll("limits") ChunkLimits limits) {
        assertThat(new Chunker(limits).chunk(document)).isEqualTo(new Chunker(limits).chunk(document));
    }

    @Provide
    Arbitrary<ChunkLimits> limits() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 60).map(ChunkLimits::ofTokens),
                Arbitraries.integers().between(2, 40).map(it -> new ChunkLimits(100, it)));
    }

    @Provide
    Arbitrary<DocumentText> documents() {
        Arbitrary<String> pieces = Arbitraries.of(
                "word ",
                "A sentence ends. ",
                "incomprehensibilities1234567890",
                "\n",
                "\n\n",
                "\n\n# One\n\n",
                "\n\n## Two\n",
                "\n\n#### Four\n\n",
                "\n\nUnder\n===\n\n",
                "\n\n```java\nint a = 1;\n\nint b;\n```\n\n",
                "\n\n```\n",
                "\n\n    indented();\n\n",
                "\n- item\n",
                "\n> quote\n",
                "\uD83D\uDE00\uD83D\uDE00",
                "\u6f22\u5b57\u4eee\u540d",
                "          ",
                "\t",
                "-----");
        return pieces.list()
                .ofMinSize(1)
                .ofMaxSize(60)
                .map(it -> String.join("", it))
                .map(ChunkerProperties::markdown)
                .filter(it -> !it.text().isBlank());
    }

    private static DocumentText markdown(String source) {
        return switch (EXTRACTOR.extract(DocumentFormat.MARKDOWN, source.getBytes(StandardCharsets.UTF_8))) {
            case Extraction.Extracted extracted -> extracted.document();
            case Extraction.Refused _ -> new DocumentText("", List.of());
            case Extraction.Unavailable unavailable -> throw new AssertionError(unavailable.detail());
        };
    }
}

package io.tailrace.knowledge.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.knowledge.text.Extraction.Extracted;
import io.tailrace.knowledge.text.Extraction.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Text, Markdown and HTML. PDFs: {@link PdfExtractionTest}. */
class TextExtractorTest {
    private static final int MAX_BYTES = 2_000_000;
    private static final int MAX_CHARACTERS = 1_500_000;

    private final TextExtractor extractor = new TextExtractor(
            new ExtractionLimits(MAX_BYTES, MAX_CHARACTERS, Duration.ofSeconds(1)),
            PdfProcess.startedBy(List.of("/never/started")));

    @Test
    void plainTextIsInParagraphs() {
        assertThat(parts(DocumentFormat.PLAIN, "\uFEFFone\r\ntwo\r\n \r\nthree\u0007!"))
                .containsExactly("Prose:one\ntwo", "Prose:three !");
    }

    @Test
    void markdownKeepsItsSourceAndKnowsItsBlocks() {
        String source = """
                ---
                title: kept
                ---
                # Set *up*

                First.
                Second.

                ```java
                # no heading

                int a;
                ```

                Below
                -----

                - an item

                      code in it
                - > quoted

                [link]: https://example.org

                    indented
                """;
        assertThat(parts(DocumentFormat.MARKDOWN, source))
                .containsExactly(
                        "Prose:---\ntitle: kept\n---",
                        "Heading 1 'Set *up*':# Set *up*",
                        "Prose:First.\nSecond.",
                        "Code:```java\n# no heading\n\nint a;\n```",
                        "Heading 2 'Below':Below\n-----",
                        "Prose:- an item",
                        "Code:      code in it",
                        "Prose:- > quoted",
                        "Prose:[link]: https://example.org",
                        "Code:    indented");
        assertThat(text(DocumentFormat.MARKDOWN, source)).isEqualTo(source);
    }

    @Test
    void anOpenFenceIsCodeUntilTheEnd() {
        assertThat(parts(DocumentFormat.MARKDOWN, "a\n\n~~~\nb\n\n# c"))
                .containsExactly("Prose:a", "Code:~~~\nb\n\n# c");
    }

    @Test
    void aPageIsWhatItsReaderReads() {
        String page = """
                <html><head><title>t</title><style>p{}</style></head><body><script>no()</script>
                <h2>Set <b>up</b></h2><p>one   <i>two</i><br>three</p>
                <pre>  a();
                  b();</pre><ul><li>x</li><li>y &amp; z</li></ul>
                <table><tr><th>k</th><th>v</th></tr><tr><td>1</td><td>2</td></tr></table><noscript>no</noscript></body>""";
        assertThat(parts(DocumentFormat.HTML, page))
                .containsExactly(
                        "Heading 2 'Set up':Set up",
                        "Prose:one two\nthree",
                        "Code:  a();\n  b();",
                        "Prose:- x\n- y & z",
                        "Prose:k | v\n1 | 2");
    }

    @Test
    void aPageSaysItsEncoding() {
        byte[] page = "<meta charset=iso-8859-1><p>gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(((Extracted) extractor.extract(DocumentFormat.HTML, page))
                        .document()
                        .text())
                .isEqualTo("gr\u00fcn\n\n");
    }

    @Test
    void refusesWithAReason() {
        assertThat(refusal(DocumentFormat.PLAIN, new byte[MAX_BYTES + 1])).isEqualTo(RefusalReason.TOO_LARGE);
        assertThat(refusal(DocumentFormat.PLAIN, "a".repeat(MAX_CHARACTERS + 1)))
                .isEqualTo(RefusalReason.TOO_MUCH_TEXT);
        assertThat(refusal(DocumentFormat.HTML, "a".repeat(MAX_CHARACTERS + 1))).isEqualTo(RefusalReason.TOO_MUCH_TEXT);
        assertThat(refusal(DocumentFormat.PLAIN, new byte[] {'a', (byte) 0xFF, 'b'}))
                .isEqualTo(RefusalReason.NOT_TEXT);
        assertThat(refusal(DocumentFormat.MARKDOWN, new byte[] {'a', 0, 'b'})).isEqualTo(RefusalReason.NOT_TEXT);
        assertThat(refusal(DocumentFormat.HTML, new byte[] {(byte) 0x89, 'P', 'N', 'G'}))
                .isEqualTo(RefusalReason.NOT_TEXT);
        for (DocumentFormat format : List.of(DocumentFormat.PLAIN, DocumentFormat.MARKDOWN, DocumentFormat.HTML)) {
            assertThat(refusal(format, new byte[0])).isEqualTo(RefusalReason.EMPTY);
            assertThat(refusal(format, " \n\t\n")).isEqualTo(RefusalReason.EMPTY);
        }
        assertThat(refusal(DocumentFormat.HTML, "<script>all()</script>")).isEqualTo(RefusalReason.EMPTY);
    }

    /** Each is as large as permitted; a parser that needs the square of it does not come to an end here. */
    @Test
    void whatIsMadeToHurtEndsAsTextOrRefusal() {
        for (String piece : List.of(
                "<div>",
                "<b><p>",
                "<table>",
                "<a href=",
                "<!--",
                "&amp",
                "</p>",
                "<pre>",
                "<h1>",
                "<li>",
                "<svg><p>",
                "<select><option>")) {
            assertThat(extractor.extract(DocumentFormat.HTML, filled(piece, 200_000)))
                    .as(piece)
                    .isInstanceOfAny(Extracted.class, Refused.class);
        }
        for (String piece : List.of(
                "> ",
                "- ",
                "[",
                "*a",
                "`",
                "1. ",
                "#\n",
                "[a]: b\n",
                "```\n",
                "<a\n",
                "\n",
                "  \n\t",
                "|a",
                "![](",
                "- a\n\n ",
                ">- ")) {
            assertThat(extractor.extract(DocumentFormat.MARKDOWN, filled(piece, 200_000)))
                    .as(piece)
                    .isInstanceOfAny(Extracted.class, Refused.class);
        }
    }

    private static byte[] filled(String piece, int bytes) {
        return piece.repeat(bytes / piece.length()).getBytes(StandardCharsets.UTF_8);
    }

    private RefusalReason refusal(DocumentFormat format, String source) {
        return refusal(format, source.getBytes(StandardCharsets.UTF_8));
    }

    private RefusalReason refusal(DocumentFormat format, byte[] bytes) {
        return ((Refused) extractor.extract(format, bytes)).reason();
    }

    private String text(DocumentFormat format, String source) {
        return document(format, source).text();
    }

    private DocumentText document(DocumentFormat format, String source) {
        return ((Extracted) extractor.extract(format, source.getBytes(StandardCharsets.UTF_8))).document();
    }

    private List<String> parts(DocumentFormat format, String source) {
        DocumentText document = document(format, source);
        return document.blocks().stream()
                .map(block -> kind(block) + ":" + document.text().substring(block.start(), block.end()))
                .collect(Collectors.toList());
    }

    private static String kind(Block block) {
        return switch (block) {
            case Block.Heading heading -> "Heading " + heading.level() + " '" + heading.title() + "'";
            case Block.Prose _ -> "Prose";
            case Block.Code _ -> "Code";
        };
    }
}

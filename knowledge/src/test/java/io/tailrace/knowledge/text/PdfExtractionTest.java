package io.tailrace.knowledge.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.knowledge.text.Extraction.Extracted;
import io.tailrace.knowledge.text.Extraction.Refused;
import io.tailrace.knowledge.text.Extraction.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;

/** Over the real process. */
class PdfExtractionTest {
    private static final int MAX_CHARACTERS = 100_000;
    private static final ExtractionLimits LIMITS =
            new ExtractionLimits(10_000_000, MAX_CHARACTERS, Duration.ofSeconds(60));
    private static final PdfProcess PROCESS = PdfProcess.ofThisClassPath(48);

    @Test
    void readsThePagesInOrder() throws IOException {
        byte[] pdf = pdf(List.of("The first page.", "The second page."));
        String text = ((Extracted) extract(pdf)).document().text();
        assertThat(text).containsSubsequence("The first page.", "\n\n", "The second page.");
    }

    @Test
    void refusesWithAReason() throws IOException {
        assertThat(refusal("%PDF-1.7 and nothing else".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(RefusalReason.MALFORMED);
        assertThat(refusal(pdf(List.of()))).isEqualTo(RefusalReason.EMPTY);
        assertThat(refusal(locked())).isEqualTo(RefusalReason.ENCRYPTED);
        // A page at a time is in memory; together they are too much.
        assertThat(refusal(pdf(Collections.nCopies(6, "word ".repeat(4_000))))).isEqualTo(RefusalReason.TOO_MUCH_TEXT);
    }

    @Test
    void aFileThatUnpacksToMoreThanTheMemoryIsRefused() throws IOException {
        byte[] bomb = repeated("(", 160_000_000);
        assertThat(bomb.length).isLessThan(1_000_000);
        assertThat(refusal(bomb)).isEqualTo(RefusalReason.TOO_COMPLEX);
    }

    @Test
    void aProcessThatDoesNotEndIsEnded() {
        PdfProcess hangs = PdfProcess.startedBy(List.of("/bin/sh", "-c", "exec tail -f /dev/null"));
        ExtractionLimits soon = new ExtractionLimits(1000, 1000, Duration.ofMillis(300));
        Extraction extraction = new TextExtractor(soon, hangs).extract(DocumentFormat.PDF, new byte[10]);
        assertThat(extraction)
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.reason()).isEqualTo(RefusalReason.TOO_SLOW));
        // It was sent a signal, and is gone a moment later.
        assertThat(ProcessHandle.current()
                        .children()
                        .filter(it -> it.info().command().orElse("").endsWith("/tail")))
                .allSatisfy(it -> assertThat(it.onExit()).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void aProcessThatDoesNotStartIsNotTheDocumentsFault() throws IOException {
        byte[] pdf = pdf(List.of("text"));
        for (List<String> command : List.of(
                List.of("/never/there"), List.of("/bin/sh", "-c", "exit 1"), List.of("/bin/sh", "-c", "kill -9 $$"))) {
            assertThat(new TextExtractor(LIMITS, PdfProcess.startedBy(command)).extract(DocumentFormat.PDF, pdf))
                    .isInstanceOf(Unavailable.class);
        }
    }

    private static Extraction extract(byte[] pdf) {
        return new TextExtractor(LIMITS, PROCESS).extract(DocumentFormat.PDF, pdf);
    }

    private static RefusalReason refusal(byte[] pdf) {
        return ((Refused) extract(pdf)).reason();
    }

    private static byte[] pdf(List<String> pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            write(document, pages);
            return saved(document);
        }
    }

    private static void write(PDDocument document, List<String> pages) throws IOException {
        for (String page : pages) {
            PDPage sheet = new PDPage();
            document.addPage(sheet);
            try (PDPageContentStream content = new PDPageContentStream(document, sheet)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(72, 700);
                content.showText(page);
                content.endText();
            }
        }
        if (pages.isEmpty()) {
            document.addPage(new PDPage());
        }
    }

    private static byte[] locked() throws IOException {
        try (PDDocument document = new PDDocument()) {
            write(document, List.of("secret"));
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            return saved(document);
        }
    }

    /** A page whose content is the same again and again, packed. */
    private static byte[] repeated(String operators, int times) throws IOException {
        try (PDDocument document = new PDDocument()) {
            write(document, List.of("a"));
            document.getPage(0)
                    .setContents(new PDStream(document, new Repeated(operators, times), COSName.FLATE_DECODE));
            return saved(document);
        }
    }

    private static byte[] saved(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    private static final class Repeated extends InputStream {
        private final byte[] piece;
        private long left;

        Repeated(String piece, int times) {
            this.piece = piece.repeat(64).getBytes(StandardCharsets.US_ASCII);
            this.left = times / 64L * this.piece.length;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }

        @Override
        public int read(byte[] into, int from, int count) {
            if (left <= 0) {
                return -1;
            }
            int taken = Math.min(count, piece.length);
            if (taken < piece.length) {
                left--;
                into[from] = ' ';
                return 1;
            }
            System.arraycopy(piece, 0, into, from, taken);
            left -= taken;
            return taken;
        }
    }
}

package io.tailrace.knowledge.text;

import java.io.BufferedWriter;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * The process that {@link PdfProcess} starts, with the permitted number of characters as its argument. A PDF comes in,
 * text goes out, and the exit value says what was wrong. Memory is the JVM's {@code -Xmx}, whose end is an exit
 * ({@code -XX:+ExitOnOutOfMemoryError}); time is the parent's.
 */
public final class PdfMain {
    private PdfMain() {}

    /** Exit values other than 0. */
    enum End {
        /** The JVM's own, at the end of its heap. */
        NO_MEMORY(3, RefusalReason.TOO_COMPLEX, "it needs more memory than one document may take"),
        ENCRYPTED(10, RefusalReason.ENCRYPTED, "it is locked with a password"),
        MALFORMED(11, RefusalReason.MALFORMED, "it is no PDF that can be read"),
        TOO_MUCH_TEXT(12, RefusalReason.TOO_MUCH_TEXT, "it has more text than permitted"),
        TOO_DEEP(13, RefusalReason.TOO_COMPLEX, "it is too deeply nested");

        final int status;
        final RefusalReason reason;
        final String detail;

        End(int status, RefusalReason reason, String detail) {
            this.status = status;
            this.reason = reason;
            this.detail = detail;
        }
    }

    public static void main(String[] args) {
        System.exit(status(Integer.parseInt(args[0])));
    }

    private static int status(int maxCharacters) {
        try (Writer out = new BoundedWriter(maxCharacters);
                PDDocument document = Loader.loadPDF(System.in.readAllBytes())) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            stripper.setLineSeparator("\n");
            stripper.setParagraphStart("");
            stripper.setParagraphEnd("\n");
            stripper.setPageEnd("\f");
            stripper.writeText(document, out);
            return 0;
        } catch (InvalidPasswordException _) {
            return End.ENCRYPTED.status;
        } catch (TooMuchText _) {
            return End.TOO_MUCH_TEXT.status;
        } catch (StackOverflowError _) {
            return End.TOO_DEEP.status;
        } catch (IOException | RuntimeException _) {
            return End.MALFORMED.status;
        }
    }

    private static final class TooMuchText extends IOException {}

    /** Standard output, up to a number of characters. */
    private static final class BoundedWriter extends FilterWriter {
        private int left;

        BoundedWriter(int maxCharacters) {
            super(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
            left = maxCharacters;
        }

        @Override
        public void write(int c) throws IOException {
            take(1);
            super.write(c);
        }

        @Override
        public void write(char[] chars, int from, int count) throws IOException {
            take(count);
            super.write(chars, from, count);
        }

        @Override
        public void write(String text, int from, int count) throws IOException {
            take(count);
            super.write(text, from, count);
        }

        private void take(int count) throws TooMuchText {
            left -= count;
            if (left < 0) {
                throw new TooMuchText();
            }
        }
    }
}

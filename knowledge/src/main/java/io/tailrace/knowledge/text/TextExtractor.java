package io.tailrace.knowledge.text;

import io.tailrace.knowledge.text.Extraction.Extracted;
import io.tailrace.knowledge.text.Extraction.Refused;
import java.util.Optional;

/**
 * Documents to text. Never throws for what is in a document. Thread-safe; blocks the caller, for a PDF up to
 * {@link ExtractionLimits#maxTime()}. The same bytes give the same text with the same release.
 */
public final class TextExtractor {
    private final ExtractionLimits limits;
    private final PdfProcess pdf;

    public TextExtractor(ExtractionLimits limits, PdfProcess pdf) {
        this.limits = limits;
        this.pdf = pdf;
    }

    public Extraction extract(DocumentFormat format, byte[] bytes) {
        if (bytes.length > limits.maxBytes()) {
            return new Refused(
                    RefusalReason.TOO_LARGE, bytes.length + " bytes, " + limits.maxBytes() + " are permitted");
        }
        try {
            return switch (format) {
                case PLAIN -> ofText(bytes, PlainText::of);
                case MARKDOWN -> ofText(bytes, MarkdownText::of);
                case HTML -> ofHtml(bytes);
                case PDF -> ofPdf(bytes);
            };
        } catch (StackOverflowError _) {
            return new Refused(RefusalReason.TOO_COMPLEX, "too deeply nested");
        } catch (RuntimeException e) {
            // A parser's fault is that document's end, not the caller's.
            return new Refused(RefusalReason.MALFORMED, "not readable as " + format.mediaType() + ": " + e);
        }
    }

    private interface Reading {
        DocumentText of(String text);
    }

    private Extraction ofText(byte[] bytes, Reading reading) {
        Optional<String> text = CleanText.decode(bytes);
        if (text.isEmpty()) {
            return new Refused(RefusalReason.NOT_TEXT, "neither UTF-8 nor UTF-16 with a byte order mark");
        }
        return read(text.get(), reading);
    }

    private Extraction read(String text, Reading reading) {
        if (text.length() > limits.maxCharacters()) {
            return tooMuchText();
        }
        return checked(reading.of(text));
    }

    private Extraction checked(DocumentText document) {
        if (document.text().length() > limits.maxCharacters()) {
            return tooMuchText();
        }
        return document.blocks().isEmpty()
                ? new Refused(RefusalReason.EMPTY, "there is no text in it")
                : new Extracted(document);
    }

    private Refused tooMuchText() {
        return new Refused(RefusalReason.TOO_MUCH_TEXT, "more than " + limits.maxCharacters() + " characters of text");
    }

    private Extraction ofHtml(byte[] bytes) {
        Optional<String> source = HtmlSource.decode(bytes);
        if (source.isEmpty()) {
            return new Refused(RefusalReason.NOT_TEXT, "bytes that are no text");
        }
        try {
            return checked(HtmlText.of(source.get(), limits.maxCharacters()));
        } catch (HtmlText.TooMuchText _) {
            return tooMuchText();
        }
    }

    private Extraction ofPdf(byte[] bytes) {
        return switch (pdf.read(bytes, limits)) {
            case PdfProcess.Pages pages -> read(CleanText.of(pages.text()), PlainText::of);
            case PdfProcess.Stopped stopped -> new Refused(stopped.reason(), stopped.detail());
            case PdfProcess.NotRun notRun -> new Extraction.Unavailable(notRun.detail());
        };
    }
}

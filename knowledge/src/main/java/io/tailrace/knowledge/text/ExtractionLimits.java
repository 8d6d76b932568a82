package io.tailrace.knowledge.text;

import java.time.Duration;

/**
 * How much of a machine one document may take.
 *
 * @param maxBytes of the document as it was sent
 * @param maxCharacters of its text, in UTF-16 units
 * @param maxTime for a PDF, from the start of its process. The other formats are read in time linear in their bytes,
 *     so {@code maxBytes} bounds them.
 */
public record ExtractionLimits(int maxBytes, int maxCharacters, Duration maxTime) {
    public static final ExtractionLimits DEFAULT =
            new ExtractionLimits(16 * 1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(30));

    public ExtractionLimits {
        if (maxBytes < 1 || maxCharacters < 1 || !maxTime.isPositive()) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}

package io.tailrace.gateway.execution;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.stage.TurnFact.Substitution;
import io.tailrace.events.text.Excerpt;
import io.tailrace.gateway.request.JsonBody;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What models wrote and tools answered, as far as an event of the contract shows it. Pure. */
final class ShownText {
    /** How much of a text is shown, in UTF-16 units: as much as of a variable's value. */
    static final int MOST = Substitution.MAX_VALUE;

    private ShownText() {}

    /** The text, or its beginning with an ellipsis behind it. Cuts no character in two. */
    static String of(String text) {
        return Excerpt.of(text, MOST);
    }

    /** The value that a text stands for, if it is JSON, is short enough, and means the same as we write it; or else the text. */
    static @Nullable Object json(String text) {
        if (text.length() > MOST) {
            return of(text);
        }
        try {
            Object value = JsonBody.part(text.getBytes(StandardCharsets.UTF_8));
            return isExact(value) ? value : text;
        } catch (InvalidInput _) {
            return text;
        }
    }

    /** Numbers of any length have no place among ours. */
    private static boolean isExact(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> members -> members.values().stream().allMatch(ShownText::isExact);
            case List<?> members -> members.stream().allMatch(ShownText::isExact);
            case Double number -> Double.isFinite(number);
            case BigInteger _, BigDecimal _, Float _ -> false;
            case null, default -> true;
        };
    }
}

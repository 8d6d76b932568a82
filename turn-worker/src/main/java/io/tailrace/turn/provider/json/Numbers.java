package io.tailrace.turn.provider.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/** Reads numbers of tokens as providers tell them: as an integer, as a fraction that is one, or as text. */
public final class Numbers {

    private Numbers() {}

    /** The number; empty where there is none. Whether it can be is for who uses it. */
    public static OptionalLong of(JsonNode node) {
        if (node.isNumber() && node.canConvertToLong()) {
            return OptionalLong.of(node.asLong());
        }
        return node.isTextual() && node.textValue().matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(node.textValue()))
                : OptionalLong.empty();
    }
}

package io.tailrace.gateway.request;

import io.tailrace.events.plan.InvalidInput;
import io.tailrace.events.text.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads untrusted JSON into a tree of maps, lists, texts, numbers and truth values. Stricter than JSON itself: no
 * duplicate keys, no lone surrogates, a bounded depth; every refusal names the field or the place.
 */
final class JsonTree {
    private static final int MAX_DEPTH = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // Only a second line behind MAX_DEPTH.
                    .maxNestingDepth(2 * MAX_DEPTH)
                    .maxNumberLength(64)
                    .maxNameLength(8 * 1024)
                    .build())
            .build();

    private JsonTree() {}

    /** @throws InvalidInput if it is no JSON in UTF-8, or breaks one of the rules above */
    static @Nullable Object parse(byte[] bytes) throws InvalidInput {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInput("malformed_json", "", "The body is not UTF-8");
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new InvalidInput("malformed_json", "", "The body is empty");
            }
            @Nullable Object tree = value(parser, "", 0);
            if (parser.nextToken() != null) {
                throw new InvalidInput("malformed_json", "", "Something follows after the end of the JSON value");
            }
            return tree;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new InvalidInput("malformed_json", "", "The body is not well-formed JSON" + where);
        }
    }

    private static @Nullable Object value(JsonParser parser, String path, int depth) throws InvalidInput {
        if (depth > MAX_DEPTH) {
            throw new InvalidInput("too_deep", path, "At most " + MAX_DEPTH + " levels are allowed");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, depth);
            case START_ARRAY -> array(parser, path, depth);
            case VALUE_STRING -> wellFormed(parser.getString(), path);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new InvalidInput("malformed_json", path, "A value is missing here");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, String path, int depth) throws InvalidInput {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = wellFormed(parser.currentName(), path);
            String at = path.isEmpty() ? printable(name) : path + "." + printable(name);
            parser.nextToken();
            if (members.containsKey(name)) {
                throw new InvalidInput("duplicate_field", at, "The field is there twice");
            }
            members.put(name, value(parser, at, depth + 1));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser, String path, int depth) throws InvalidInput {
        List<@Nullable Object> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            members.add(value(parser, path + "[" + members.size() + "]", depth + 1));
        }
        return members;
    }

    private static String printable(String name) {
        return Excerpt.printable(name, 64);
    }

    private static String wellFormed(String text, String path) throws InvalidInput {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidInput("invalid_value", path, "Half of a surrogate pair is no character");
            }
        }
        return text;
    }
}

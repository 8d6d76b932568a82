package io.tailrace.turn.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tailrace.events.plan.Tool;
import io.tailrace.events.text.Excerpt;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The arguments of a call, as a model writes them. Pure. */
public final class ToolArguments {
    /** The longest arguments that are read, in UTF-16 units. */
    static final int MAX_CHARACTERS = 64 * 1024;

    private static final int MAX_DEPTH = 50;
    /** Of what is wrong, in characters. */
    private static final int SHOWN = 200;

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build());
    }

    /** Numbers are handed on as they are. */
    private static final ObjectReader EXACT = JSON.reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private ToolArguments() {}

    /** Arguments that a tool does not take. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        private Invalid(String message) {
            super(message);
        }

        /** What the model is told. */
        public CallResult result() {
            return CallResult.failed("invalid_arguments", String.valueOf(getMessage()));
        }
    }

    /** What a call is executed with: the value of the one argument that the kind takes, or all of them, as JSON. */
    public static String check(Tool tool, String arguments) throws Invalid {
        return switch (tool) {
            case Tool.HttpGet _ -> text(ToolOffer.URL, arguments);
            case Tool.RepositorySearch _ -> text(ToolOffer.QUERY, arguments);
            case Tool.Build build -> texts(build.parameters(), arguments);
            case Tool.Mcp _ -> {
                Map<String, Object> _ = object(arguments);
                yield arguments;
            }
        };
    }

    private static String texts(List<Tool.Parameter> parameters, String arguments) throws Invalid {
        String shape = "The arguments must be a JSON object of texts with these fields: "
                + parameters.stream()
                        .map(it -> it.name() + (it.required() ? "" : " (optional)"))
                        .collect(Collectors.joining(", "));
        JsonNode tree = object(shape, arguments.isBlank() ? "{}" : arguments);
        Set<String> names = parameters.stream().map(Tool.Parameter::name).collect(Collectors.toSet());
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            if (!names.contains(field.getKey())) {
                throw unknown(shape, field.getKey());
            }
            if (!field.getValue().isTextual()) {
                throw new Invalid(shape + "; \"" + field.getKey() + "\" must be a text.");
            }
        }
        for (Tool.Parameter parameter : parameters) {
            if (parameter.required() && !tree.has(parameter.name())) {
                throw missing(shape, parameter.name());
            }
        }
        return arguments;
    }

    /** Any object; what is in it is the business of who executes the call. Nothing at all stands for one without fields. */
    public static Map<String, Object> object(String arguments) throws Invalid {
        String shape = "The arguments must be a JSON object";
        return JSON.convertValue(object(shape, arguments.isBlank() ? "{}" : arguments), OBJECT);
    }

    private static JsonNode object(String shape, String arguments) throws Invalid {
        if (arguments.length() > MAX_CHARACTERS) {
            throw new Invalid(shape + "; these are longer than " + MAX_CHARACTERS + " characters.");
        }
        JsonNode tree = parse(shape, arguments);
        if (!tree.isObject()) {
            throw new Invalid(shape + "; this is no object.");
        }
        return tree;
    }

    private static Invalid unknown(String shape, String name) {
        return new Invalid(shape + "; there is no argument \"" + Excerpt.of(name, SHOWN) + "\".");
    }

    private static Invalid missing(String shape, String name) {
        return new Invalid(shape + "; \"" + name + "\" is missing.");
    }

    private static String text(String name, String arguments) throws Invalid {
        String shape = "The arguments must be a JSON object {\"" + name + "\": \"…\"}";
        JsonNode tree = object(shape, arguments);
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String other = names.next();
            if (!other.equals(name)) {
                throw unknown(shape, other);
            }
        }
        JsonNode value = tree.path(name);
        if (value.isMissingNode()) {
            throw missing(shape, name);
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new Invalid(shape + "; \"" + name + "\" must be a text that is not blank.");
        }
        return value.textValue();
    }

    private static JsonNode parse(String shape, String arguments) throws Invalid {
        try {
            return EXACT.readTree(arguments);
        } catch (JsonProcessingException e) {
            throw new Invalid(shape + "; this is not JSON: " + Excerpt.of(e.getOriginalMessage(), SHOWN));
        }
    }

    /** Whether this is a JSON object, or nothing at all, which stands for one without fields. */
    public static boolean isWhole(String arguments) {
        return arguments.isBlank() || tree(arguments).filter(JsonNode::isObject).isPresent();
    }

    /** The same text for arguments that say the same: without spaces, names in order; what is no JSON stays as it is. */
    static String canonical(String arguments) {
        if (arguments.length() > MAX_CHARACTERS) {
            return arguments;
        }
        return tree(arguments).map(it -> sorted(it).toString()).orElse(arguments);
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            var array = JSON.createArrayNode();
            node.forEach(it -> array.add(sorted(it)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.put(field.getKey(), sorted(field.getValue()));
        }
        var object = JSON.createObjectNode();
        fields.forEach(object::set);
        return object;
    }

    private static Optional<JsonNode> tree(String arguments) {
        try {
            return Optional.ofNullable(JSON.readTree(arguments)).filter(it -> !it.isMissingNode());
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}

package io.tailrace.turn.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.call.Watchdog;
import io.tailrace.turn.provider.scripted.ScriptedProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReplyProperties {

    /** However pieces of texts and tool calls are mixed, each is put together in its own order. */
    @Property(tries = 300)
    void everyPartIsTheConcatenationOfItsPieces(@ForAll("deltas") List<ModelDelta> deltas) {
        Reply reply = new Reply();
        deltas.forEach(reply::add);

        assertThat(reply.message().text()).isEqualTo(joined(deltas, ModelDelta.Text.class));
        assertThat(reply.reasoning()).isEqualTo(joined(deltas, ModelDelta.Reasoning.class));
        for (ToolInvocation call : reply.message().toolCalls()) {
            String expected = deltas.stream()
                    .filter(delta -> delta instanceof ModelDelta.ToolCall piece
                            && piece.id().equals(call.id()))
                    .map(ReplyProperties::content)
                    .collect(Collectors.joining());
            assertThat(call.arguments()).isEqualTo(expected.isBlank() ? "{}" : expected);
        }
    }

    /** A scripted answer arrives whole, in order, whatever its chunks are and wherever it is cut off. */
    @Property(tries = 100)
    void aScriptedAnswerIsAPrefixOfItsScript(@ForAll("chunks") List<String> chunks, @ForAll("cuts") int cut) {
        List<String> said = new ArrayList<>();
        try (Watchdog watchdog = new Watchdog()) {
            CallEnd end = new ScriptedProvider("scripted", watchdog)
                    .start(ModelRequest.of("m", List.of(new ModelMessage.User("u")))
                            .withScript("{\"text\": [\"" + String.join("\",\"", chunks)
                                    + "\"], \"disconnect\": {\"after_deltas\": " + cut + "}}"))
                    .run(delta -> said.add(content(delta)));

            assertThat(end).isInstanceOf(CallEnd.Failed.class);
        }
        assertThat(said).isEqualTo(chunks.subList(0, Math.min(cut, chunks.size())));
    }

    @Provide
    Arbitrary<List<ModelDelta>> deltas() {
        Arbitrary<String> piece = Arbitraries.strings().ofMaxLength(5);
        return Arbitraries.oneOf(
                        piece.<ModelDelta>map(ModelDelta.Text::new),
                        piece.<ModelDelta>map(ModelDelta.Reasoning::new),
                        Arbitraries.integers()
                                .between(0, 2)
                                .flatMap(index -> piece.<ModelDelta>map(
                                        text -> new ModelDelta.ToolCall(index, "id" + index, "tool", text))))
                .list()
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<String>> chunks() {
        return Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<Integer> cuts() {
        return Arbitraries.integers().between(0, 25);
    }

    private static String joined(List<ModelDelta> deltas, Class<? extends ModelDelta> kind) {
        return deltas.stream()
                .filter(kind::isInstance)
                .map(ReplyProperties::content)
                .collect(Collectors.joining());
    }

    private static String content(ModelDelta delta) {
        return switch (delta) {
            case ModelDelta.Text piece -> piece.text();
            case ModelDelta.Reasoning piece -> piece.text();
            case ModelDelta.ToolCall piece -> piece.argumentsFragment();
        };
    }
}

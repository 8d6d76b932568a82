package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of assistants: what is a variable in them, what stands for itself, what is a mistake. */
class AssistantTextTest {
    private static String render(String text) {
        return PromptText.ofAssistant(text).render(name -> "<" + name + ">");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "About {{topic}}. | About <topic>.",
                "{{ topic }}{{\ttopic}} | <topic><topic>",
                "{{{a}}} | {<a>}",
                "\\{{a}} | {{a}}",
                "\\{{{{a}}}} | {{<a>}}",
                "\\\\{{a}} | \\{{a}}",
                "{ {a} } | { {a} }",
                "}} a }} | }} a }}",
                "{{Topic_2-x}} | <Topic_2-x>"
            })
    void variablesArePutInAndEscapedBracesStay(String text, String rendered) {
        assertThat(PromptText.ofAssistant(text).malformed()).isEmpty();
        assertThat(render(text)).isEqualTo(rendered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a {{ b | {{ b",
                "{{}} | {{}}",
                "{{1a}} | {{1a}}",
                "{{a b}} | {{a b}}",
                "{{a}} {{a.b}} | {{a.b}}",
                "{{steps.a.text}} | {{steps.a.text}}",
                "{{a} | {{a}"
            })
    void whatBeginsLikeAVariableAndIsNoneIsMalformed(String text, String shown) {
        assertThat(PromptText.ofAssistant(text).malformed()).contains(shown);
    }

    @Test
    void aLongOrMultiLineMistakeIsShownInShort() {
        assertThat(PromptText.ofAssistant("{{a\n" + "b".repeat(100)).malformed())
                .contains("{{a?" + "b".repeat(36));
        assertThat(PromptText.ofAssistant("{{" + "a".repeat(64) + "}}").malformed())
                .isPresent();
    }

    @Test
    void eachVariableIsNamedOnceInTheOrderOfItsFirstMention() {
        assertThat(PromptText.ofAssistant("{{b}} {{a}} {{ b }} \\{{c}}").references())
                .containsExactly("b", "a");
    }

    @Property
    void aTextWithoutBracesIsItself(@ForAll @StringLength(max = 200) String any) {
        String text = any.replace("{", "(");
        assertThat(PromptText.ofAssistant(text).malformed()).isEmpty();
        assertThat(render(text)).isEqualTo(text);
    }

    @Property
    void escapedTextIsItself(@ForAll @StringLength(max = 40) @Chars({'{', '}', 'a', ' '}) String text) {
        String escaped = text.replace("{{", "\\{{");
        assertThat(PromptText.ofAssistant(escaped).malformed()).isEmpty();
        assertThat(render(escaped)).isEqualTo(text);
    }

    @Property
    void whatIsPutInIsNeverReadAsAReference(
            @ForAll @StringLength(max = 40) @Chars({'{', '}', 'a', 'b', '\\'}) @CharRange(from = 'a', to = 'c')
                    String value) {
        Map<String, String> values = Map.of("a", value, "b", "never");
        assertThat(PromptText.ofAssistant("[{{a}}|{{ a }}]").render(values::get))
                .isEqualTo("[" + value + "|" + value + "]");
        assertThat(PromptText.ofAssistant("{{a}}b}}").render(values::get)).isEqualTo(value + "b}}");
    }
}

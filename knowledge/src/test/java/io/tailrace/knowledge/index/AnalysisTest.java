package io.tailrace.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnalysisTest {
    private final Analysis english = new Analysis(Language.ENGLISH);
    private final Analysis german = new Analysis(Language.GERMAN);
    private final Analysis other = new Analysis(Language.OTHER);

    @AfterEach
    void close() {
        english.close();
        german.close();
        other.close();
    }

    @Test
    void namesOfCodeAreFoundAsAWholeAndInParts() {
        assertThat(other.terms("parseRetryAfter")).contains("parseretryafter", "parse", "retry", "after");
        assertThat(other.terms("node.js")).contains("node.js", "node", "js");
        assertThat(other.terms("max_bytes")).contains("max_bytes", "max", "bytes");
        assertThat(other.terms("org.apache.IndexWriter")).contains("org", "apache", "index", "writer");
        assertThat(other.terms("TR-4412 sha256")).containsExactly("tr", "4412", "sha256");
    }

    @Test
    void wordsAreFoundInTheirForms() {
        assertThat(english.terms("retries")).isEqualTo(english.terms("retry"));
        assertThat(english.terms("caf\u00e9s")).isEqualTo(english.terms("cafe"));
        assertThat(german.terms("H\u00e4user")).isEqualTo(german.terms("Haeuser"));
        assertThat(german.terms("Stra\u00dfe")).isEqualTo(german.terms("Strasse"));
        assertThat(german.terms("Kessels")).isEqualTo(german.terms("Kessel"));
        assertThat(other.terms("retries")).containsExactly("retries");
    }

    @Test
    void charactersWithoutBlanksAreTakenInPairs() {
        assertThat(other.terms("\u6771\u4eac\u90fd")).containsExactly("\u6771\u4eac", "\u4eac\u90fd");
    }

    @Test
    void aQuestionIsItsTellingWordsOnceEach() {
        assertThat(english.questionTerms("How do I boil the water, and why the water?"))
                .containsExactly("boil", "water");
        assertThat(english.questionTerms("to be or not to be")).containsExactly("to", "be", "or", "not");
        assertThat(german.questionTerms("Wie wird das Wasser hei\u00df?")).hasSize(2);
        assertThat(english.questionTerms("x1 ".repeat(10) + terms(200))).hasSize(Analysis.MAX_QUESTION_TERMS);
    }

    private static String terms(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" term").append(i);
        }
        return text.toString();
    }
}

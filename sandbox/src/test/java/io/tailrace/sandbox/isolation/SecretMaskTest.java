package io.tailrace.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.sandbox.process.CommandNotStarted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class SecretMaskTest {

    /** However the stream is cut, what is shown is the same: every value replaced, nothing else changed. */
    @Property
    void whereTheStreamIsCutMakesNoDifference(@ForAll("texts") String text, @ForAll List<Integer> cuts) {
        SecretMask mask = new SecretMask(List.of("abcabd", "abcabdef", "ddd"));
        StringBuilder shown = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int cut : cuts) {
            int to = Math.min(bytes.length, from + Math.abs(cut % 4));
            shown.append(new String(mask.next(Arrays.copyOfRange(bytes, from, to)), StandardCharsets.UTF_8));
            from = to;
        }
        shown.append(new String(mask.next(Arrays.copyOfRange(bytes, from, bytes.length)), StandardCharsets.UTF_8));
        shown.append(new String(mask.end(), StandardCharsets.UTF_8));

        assertThat(shown.toString()).isEqualTo(text.replaceAll("abcabdef|abcabd|ddd", "***"));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "c", "d", "e", "f", "x", "\n", "abcabd", "abcabdef")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Test
    void onlyWhatCouldBeAValueIsHeldBack() {
        SecretMask mask = new SecretMask(List.of("hunter2!"));

        assertThat(new String(mask.next("password: hun".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("password: ");
        assertThat(new String(mask.next("gry\n".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("hungry\n");
    }

    @Test
    void aReferenceIsReplacedByTheValueOfAListedName() throws Exception {
        Secrets secrets = Secrets.of(List.of("TOKEN"), Map.of("TOKEN", "s3cr3t-value", "OTHER", "of the worker"));

        assertThat(secrets.resolve(Map.of("MINE", "${secret:TOKEN}", "PLAIN", "TOKEN")))
                .isEqualTo(Map.of("MINE", "s3cr3t-value", "PLAIN", "TOKEN"));
        Assertions.assertThatExceptionOfType(CommandNotStarted.class)
                .isThrownBy(() -> secrets.resolve(Map.of("MINE", "${secret:OTHER}")))
                .withMessageContaining("tailrace.worker.secrets");
    }

    @Test
    void aNameThatCannotBeHandedOutStopsTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secrets.of(List.of("MISSING"), Map.of()))
                .withMessageContaining("MISSING");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secrets.of(List.of("SHORT"), Map.of("SHORT", "abc")))
                .withMessageContaining("too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secrets.of(List.of("no name"), Map.of()))
                .withMessageContaining("no name");
    }
}

package io.tailrace.events.log;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void carriesWhatItRead() {
        TraceContext read =
                TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01").orElseThrow();

        assertThat(read.traceId()).isEqualTo(TRACE);
        assertThat(read.spanId()).isEqualTo(SPAN);
        assertThat(read.isSampled()).isTrue();
        assertThat(read.traceparent()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
    }

    /** Flags that nobody of ours knows are not passed on, and neither is what a later version adds. */
    @ParameterizedTest
    @CsvSource({"00,-00,-00", "00,-03,-01", "00,-fe,-00", "01,-01,-01", "cc,-01-more-to-come,-01", "01,-01-,-01"})
    void whatIsCarriedOnIsOfVersion00(String version, String rest, String carried) {
        assertThat(TraceContext.parse(version + "-" + TRACE + "-" + SPAN + rest))
                .map(TraceContext::traceparent)
                .contains("00-" + TRACE + "-" + SPAN + carried);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsNoneIsIgnored(String text) {
        assertThat(TraceContext.parse(text)).isEmpty();
    }

    @Test
    void whatIsTooLongIsIgnored() {
        assertThat(TraceContext.parse("01-" + TRACE + "-" + SPAN + "-01-" + "x".repeat(200)))
                .isPresent();
        assertThat(TraceContext.parse("01-" + TRACE + "-" + SPAN + "-01-" + "x".repeat(201)))
                .isEmpty();
    }

    @Property
    void neverThrowsAndCarriesOnlyWhatItCanReadAgain(@ForAll("texts") String text) {
        TraceContext.parse(text).ifPresent(it -> {
            assertThat(TraceContext.parse(it.traceparent())).contains(it);
            assertThat(it.traceparent()).hasSize(55).matches("[0-9a-f-]+");
            assertThat(text).contains(it.traceId()).contains(it.spanId());
        });
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> hex = Arbitraries.strings()
                .withChars("0123456789abcdefF")
                .ofMinLength(0)
                .ofMaxLength(34);
        Arbitrary<String> parts = hex.list().ofMinSize(1).ofMaxSize(6).map(it -> String.join("-", it));
        Arbitrary<String> near = Arbitraries.strings()
                .withChars("0123456789abcdef-")
                .ofMaxLength(8)
                .map(it -> "0" + it + "-" + TRACE + "-" + SPAN + "-01" + it);
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(400), parts, near);
    }
}

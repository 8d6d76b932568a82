package io.tailrace.events.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

    @Test
    void aPatternHasAHostAndMayHaveAWildcardAndAPort() {
        assertThat(HostPattern.of("example.org")).contains(new HostPattern(false, "example.org", OptionalInt.empty()));
        assertThat(HostPattern.of("*.example.org:65535"))
                .contains(new HostPattern(true, "example.org", OptionalInt.of(65_535)));
        assertThat(HostPattern.of("10.0.0.1:1")).contains(new HostPattern(false, "10.0.0.1", OptionalInt.of(1)));
        assertThat(HostPattern.of("[::1]:80")).contains(new HostPattern(false, "[::1]", OptionalInt.of(80)));
        assertThat(HostPattern.of("[::1]").filter(HostPattern::isIpv6)).isPresent();
        assertThat(HostPattern.of("example.org").filter(HostPattern::isIpv6)).isEmpty();
    }

    @Test
    void aNameHasAsManyCharactersAsTheDnsTakes() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(longest).hasSize(HostPattern.MAX_HOST);

        assertThat(HostPattern.of(longest)).isPresent();
        assertThat(HostPattern.of(longest + ":65535")).isPresent();
        assertThat(HostPattern.of(longest + "a")).isEmpty();
        assertThat(HostPattern.of("*." + longest)).isEmpty();
        assertThat(HostPattern.of(label + "a.org")).isEmpty();
    }

    @Test
    void aStarIsEveryHostBelowAndNotItself() {
        HostPattern pattern = HostPattern.of("*.example.org").orElseThrow();

        assertThat(pattern.has("a.b.example.org")).isTrue();
        assertThat(pattern.has("example.org")).isFalse();
        assertThat(pattern.has(".example.org")).isFalse();
        assertThat(pattern.has("evilexample.org")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "*.[::1]",
                "Example.org",
                "http://example.org",
                "a b",
                "a..b",
                "a_b",
                ".a",
                "a.",
                "-a",
                "::1",
                "[]",
                "[a",
                "example.org:",
                "example.org:0",
                "example.org:65536",
                "example.org:99999999999",
                "example.org:+1",
                "a/b",
                "a*b.org",
                "u@h",
                "a\n"
            })
    void whatIsNoHostIsNoPattern(String text) {
        assertThat(HostPattern.of(text)).isEmpty();
    }
}

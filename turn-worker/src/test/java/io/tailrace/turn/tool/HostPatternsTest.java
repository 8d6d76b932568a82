package io.tailrace.turn.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternsTest {

    @Test
    void aNameIsThisHostOnTheUsualPorts() {
        HostPatterns hosts = HostPatterns.of(List.of("Example.org"));

        assertThat(hosts.allow("example.org", 443)).isTrue();
        assertThat(hosts.allow("example.org", 80)).isTrue();
        assertThat(hosts.allow("example.org", 8080)).isFalse();
        assertThat(hosts.allowAnyPort("example.org", 8080)).isTrue();
        assertThat(hosts.allow("www.example.org", 443)).isFalse();
        assertThat(hosts.allow("example.org.evil.net", 443)).isFalse();
        assertThat(hosts.allow("notexample.org", 443)).isFalse();
    }

    @Test
    void aStarIsEveryHostBelowAndNotItself() {
        HostPatterns hosts = HostPatterns.of(List.of("*.example.org"));

        assertThat(hosts.allow("a.example.org", 443)).isTrue();
        assertThat(hosts.allow("a.b.example.org", 443)).isTrue();
        assertThat(hosts.allow("example.org", 443)).isFalse();
        assertThat(hosts.allow("evilexample.org", 443)).isFalse();
        assertThat(hosts.allow(".example.org", 443)).isFalse();
    }

    @Test
    void aPortIsThisOneAlone() {
        HostPatterns hosts = HostPatterns.of(List.of("example.org:8443", "[::1]:8080"));

        assertThat(hosts.allow("example.org", 8443)).isTrue();
        assertThat(hosts.allow("example.org", 443)).isFalse();
        assertThat(hosts.allowAnyPort("example.org", 443)).isFalse();
        assertThat(hosts.allow("[::1]", 8080)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "http://example.org",
                "a b",
                "example.org:0",
                "example.org:99999",
                "a/b",
                "a*b.org",
                "u@h"
            })
    void whatIsNoHostIsNoEntry(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPatterns.of(List.of(text)));
    }
}

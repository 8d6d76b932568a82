package io.tailrace.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** What every refusal has to be: a problem document that gives nothing away. */
public final class Refusal {
    /** Stands for any code or field. */
    public static final String ANY = "*";

    private Refusal() {}

    public static void check(Answer answer, int status, String code, String field) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("content-type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.text("type")).isEqualTo("urn:tailrace:problem:" + answer.text("code"));
        assertThat(answer.text("title")).isNotBlank();
        assertThat(answer.text("detail")).isNotBlank();
        assertThat(answer.body()).doesNotContain("io.tailrace", "java.", "org.", "tools.jackson", "Exception");
        if (!code.equals(ANY)) {
            assertThat(answer.text("code")).isEqualTo(code);
        }
        if (!field.equals(ANY)) {
            assertThat(answer.text("field")).isEqualTo(field);
        }
    }
}

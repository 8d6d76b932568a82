package io.tailrace.local.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccessRightsTest {

    @Test
    void aSecuredStackGrantsWhatTheDocumentationTellsOperatorsToGrant() throws IOException {
        String granted;
        try (var in = AccessRights.class.getResourceAsStream("rights.sh")) {
            granted = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(Files.readString(Path.of("..", "docs", "operations.md"))).contains("```sh\n" + granted + "```");
        assertThat(AccessRights.ofServices().users())
                .containsExactlyInAnyOrder("gateway", "coordinator", "build-worker", "turn-worker");
    }

    @Test
    void commandsGiveEachOperationOnEachResource() {
        AccessRights rights = AccessRights.parse(List.of(
                "for who in a b-c; do",
                "  acl User:$who --topic t. --resource-pattern-type prefixed --operation Create --operation Describe",
                "done",
                "acl User:a --group g --operation AlterConfigs"));

        assertThat(rights.bindings())
                .extracting(Object::toString)
                .hasSize(5)
                .anySatisfy(it -> assertThat(it).contains("GROUP", "name=g", "LITERAL", "User:a", "ALTER_CONFIGS"));
        assertThat(rights.users()).containsExactlyInAnyOrder("a", "b-c");
    }

    @Test
    void anOptionThatNobodyKnowsIsNotOverlooked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccessRights.parse(List.of("acl User:a --topics t --operation Read")))
                .withMessageContaining("--topics t");
    }
}

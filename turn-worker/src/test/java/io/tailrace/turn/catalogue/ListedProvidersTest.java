package io.tailrace.turn.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.definition.ProviderCatalogue.GenerationDefaults;
import io.tailrace.events.definition.ProviderCatalogue.ListedModel;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListedProvidersTest {
    private final List<ListedProvider> listed = ListedProviders.of(SomeProviders.listed());

    @Test
    void theScriptedOneIsTheFirstAndNeedsNothing() {
        assertThat(listed).extracting(ListedProvider::id).containsExactly("scripted", "company", "aws");
        ListedProvider scripted = listed.getFirst();
        assertThat(scripted.available()).isTrue();
        assertThat(scripted.credentialVariables()).isEmpty();
        assertThat(scripted.api()).isEmpty();
        assertThat(scripted.models().getFirst().capabilities()).containsExactly("streaming", "tools", "vision", "json");
    }

    @Test
    void everythingThatIsConfiguredIsThere() {
        assertThat(listed.get(1))
                .isEqualTo(new ListedProvider(
                        "company",
                        "openai",
                        Optional.of("responses"),
                        Optional.of("https://models.example/v1"),
                        Optional.empty(),
                        List.of("COMPANY_KEY"),
                        List.of(),
                        Optional.of("small"),
                        List.of(new ListedModel(
                                "small",
                                32_000,
                                8_000,
                                new GenerationDefaults(
                                        Optional.of(1000), Optional.of(0.2), Optional.of(0.95), List.of("</answer>")),
                                List.of("streaming", "json")))));
    }

    @Test
    void whatIsMissingIsNamed() {
        ListedProvider aws = listed.get(2);
        assertThat(aws.available()).isFalse();
        assertThat(aws.credentialVariables()).containsExactly("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        assertThat(aws.missing()).containsExactly("AWS_SECRET_ACCESS_KEY");
        assertThat(aws.region()).contains("eu-central-1");
        assertThat(ListedProviders.of(SomeProviders.listed(Map.of())).get(2).missing())
                .containsExactly("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void noValueOfAVariableIsInIt() {
        assertThat(listed.toString()).contains("COMPANY_KEY").doesNotContain(SomeProviders.SECRET);
    }
}

package io.tailrace.turn.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.turn.provider.runtime.ProviderRuntime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One short call of a real provider. Runs only with TAILRACE_LIVE=1 and the provider's credential, and says so where it does not. */
class LiveSmokeTest {

    private static final Environment ENVIRONMENT = new Environment(name -> Optional.ofNullable(System.getenv(name)));

    @ParameterizedTest
    @CsvSource({
        "OPENAI,    OPENAI_API_KEY,    TAILRACE_LIVE_OPENAI_MODEL,    gpt-5-mini",
        "ANTHROPIC, ANTHROPIC_API_KEY, TAILRACE_LIVE_ANTHROPIC_MODEL, claude-haiku-4-5",
        "BEDROCK,   AWS_ACCESS_KEY_ID, TAILRACE_LIVE_BEDROCK_MODEL,   amazon.nova-lite-v1:0"
    })
    void aProviderAnswers(ProviderFamily family, String variable, String modelVariable, String usualModel) {
        boolean asked =
                ENVIRONMENT.credential("TAILRACE_LIVE").filter("1"::equals).isPresent();
        if (!asked || ENVIRONMENT.credential(variable).isEmpty()) {
            String notRun =
                    "NOT RUN: the live smoke test of " + family.text() + " needs TAILRACE_LIVE=1 and " + variable + ".";
            System.err.println(notRun);
            Assumptions.abort(notRun);
        }
        ModelDefinition model = new ModelDefinition(
                ENVIRONMENT.credential(modelVariable).orElse(usualModel),
                100_000,
                4_000,
                GenerationSettings.unset(),
                Set.copyOf(EnumSet.allOf(Capability.class)));
        ProviderDefinition definition = new ProviderDefinition(
                "live",
                family,
                OpenAiApi.CHAT,
                Optional.empty(),
                family == ProviderFamily.BEDROCK
                        ? ENVIRONMENT.credential("AWS_REGION").or(() -> Optional.of("us-east-1"))
                        : Optional.empty(),
                Optional.of(variable),
                List.of(model),
                Optional.of(model.id()));
        try (ProviderRuntime runtime = new ProviderRuntime(List.of(definition), ENVIRONMENT)) {
            Reply reply = new Reply();
            ModelRequest request =
                    ModelRequest.of(model.id(), List.of(new ModelMessage.User("Answer with the one word: ready")));

            CallEnd end = ((ProviderLookup.Found) runtime.registry().find("live", Optional.empty()))
                    .provider()
                    .start(request)
                    .run(reply::add);

            assertThat(end).isInstanceOf(CallEnd.Finished.class);
            assertThat(reply.message().text()).isNotBlank();
            assertThat(((CallEnd.Finished) end).usage().output()).isPresent();
        }
    }
}

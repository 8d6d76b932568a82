package io.tailrace.systemtests;

import static io.tailrace.systemtests.Executions.call;
import static io.tailrace.systemtests.Executions.prompt;

import java.util.List;
import java.util.Map;

/** An assistant of two prompts. The first asks to call {@code send}, which a person has to allow, and for the build {@code make}. */
final class SendingAssistant {
    static final String ANSWER = "The letter is sent and the boat is made.";

    private SendingAssistant() {}

    /**
     * Defines it and creates a run of it.
     *
     * @param mark of its visits and of its build's output
     * @param timeout of the approval, in milliseconds
     * @return the run's id
     */
    static String run(Gateway gateway, ToolServer tools, String mark, long timeout) {
        String name = "sender-" + mark;
        Executions.put(gateway, "/v1/assistants/" + name, "application/json", definition(tools, mark, timeout));
        return gateway.create(Map.of("workspace", "system-tests", "kind", "assistant", "assistant", name));
    }

    private static String definition(ToolServer tools, String mark, long timeout) {
        Map<String, Object> act = prompt(10, "act", "Send it and make it.");
        act.put("tools", List.of(send(tools, timeout), make()));
        act.put(
                "script",
                Map.of(
                        "steps",
                        List.of(
                                Map.of(
                                        "tool_calls",
                                        List.of(
                                                call("send", "url", tools.url(mark, 500, "sent")),
                                                call("make", "target", "a boat for " + mark))),
                                Map.of("text", ANSWER, "pace_ms", 50))));
        return Gateway.JSON.writeValueAsString(Map.of("prompts", List.of(act, prompt(20, "sum", "Sum up: {{act}}"))));
    }

    private static Map<String, Object> send(ToolServer tools, long timeout) {
        return Map.of(
                "type",
                "http_get",
                "name",
                "send",
                "hosts",
                List.of(tools.host()),
                "idempotent",
                false,
                "approval",
                Map.of("timeout_ms", timeout));
    }

    private static Map<String, Object> make() {
        return Map.of(
                "type",
                "build",
                "name",
                "make",
                "recipe",
                "commands",
                "parameters",
                List.of(Map.of("name", "target", "required", true)),
                "inputs",
                List.of(Map.of("from", "target", "variable", "TARGET")),
                "phases",
                List.of(Plans.sh("make", "echo making $TARGET; sleep 1; echo made")));
    }
}

package io.tailrace.turn.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.definition.Definition;
import io.tailrace.events.definition.ToolServerCatalogue;
import io.tailrace.events.definition.ToolServerCatalogue.ListedServer;
import io.tailrace.events.definition.ToolServerCatalogue.ListedTool;
import io.tailrace.events.id.WorkerId;
import io.tailrace.events.log.Topic;
import io.tailrace.turn.tool.ToolServers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListedToolServersTest {

    @Test
    void tellsServersAndToolsInTheirOrder() {
        List<ListedServer> listed = ListedToolServers.of(List.of(
                new ToolServers.Listed(
                        "files",
                        Optional.empty(),
                        List.of(
                                new ToolServers.ListedTool("write", Optional.empty()),
                                new ToolServers.ListedTool("read", Optional.of("x".repeat(300))))),
                new ToolServers.Listed("wiki", Optional.of("It did not answer."), List.of())));

        assertThat(listed)
                .containsExactly(
                        new ListedServer(
                                "files",
                                Optional.empty(),
                                List.of(
                                        new ListedTool("write", Optional.empty()),
                                        new ListedTool("read", Optional.of("x".repeat(200) + "…")))),
                        new ListedServer("wiki", Optional.of("It did not answer."), List.of()));
    }

    @Test
    void fiftyServersWithAllThatTheyMayHaveAreARecordThatTheLogTakes() throws Exception {
        List<ToolServers.Listed> many = IntStream.range(0, 50)
                .mapToObj(server -> new ToolServers.Listed(
                        "server-" + server,
                        Optional.empty(),
                        IntStream.range(0, 500)
                                .mapToObj(tool -> new ToolServers.ListedTool(
                                        "€".repeat(250) + tool, Optional.of("€".repeat(4_000))))
                                .toList()))
                .toList();

        byte[] record = new EventCodec()
                .encode(
                        Topic.DEFINITIONS,
                        Definition.toolServers(
                                Instant.EPOCH,
                                new ToolServerCatalogue(new WorkerId("worker"), ListedToolServers.of(many))));

        assertThat(record.length).isBetween(300_000, 700_000);
    }
}

package io.tailrace.turn;

import io.tailrace.turn.answer.AnswerConfiguration;
import io.tailrace.turn.catalogue.CatalogueConfiguration;
import io.tailrace.turn.knowledge.KnowledgeConfiguration;
import io.tailrace.turn.service.ServiceConfiguration;
import io.tailrace.turn.stage.StageConfiguration;
import io.tailrace.turn.tool.ToolConfiguration;
import io.tailrace.turn.tool.mcp.McpConfiguration;
import io.tailrace.worker.service.LogConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The turn-worker: takes chat turns from the queue, asks models, and appends what they say. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({
    LogConfiguration.class,
    StageConfiguration.class,
    KnowledgeConfiguration.class,
    AnswerConfiguration.class,
    ToolConfiguration.class,
    McpConfiguration.class,
    CatalogueConfiguration.class,
    ServiceConfiguration.class
})
public class TurnWorkerApplication {

    /** Starts the worker; configured by properties, environment variables or {@code --name=value}. */
    public static void main(String[] args) {
        SpringApplication.run(TurnWorkerApplication.class, args);
    }
}

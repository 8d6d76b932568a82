package io.tailrace.gateway.execution;

import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.events.EventAnswers;
import io.tailrace.gateway.json.EventDecoder;
import io.tailrace.gateway.stream.RunStreams;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what is shown of executions of assistants. */
@Configuration(proxyBeanMethods = false)
public class ExecutionConfiguration {
    @Bean
    ExecutionController executionController(
            RunStreams streams, EventAnswers answers, EventDecoder decoder, Cursors cursors) {
        ExecutionEvents events = new ExecutionEvents(decoder);
        return new ExecutionController(streams, answers, events, new ExecutionView(events, cursors::token), cursors);
    }
}

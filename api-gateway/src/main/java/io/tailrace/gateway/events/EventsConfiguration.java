package io.tailrace.gateway.events;

import io.tailrace.gateway.command.CommandSettings;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.EventJson;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.runs.RunDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the events of a run over HTTP. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {
    @Bean
    EventAnswers eventAnswers(RunDirectory directory, RunFeeds feeds, Cursors cursors, CommandSettings settings) {
        return new EventAnswers(directory, feeds, cursors, settings.decideWithin());
    }

    @Bean
    RunEventsController runEventsController(EventAnswers answers, EventJson view, Cursors cursors) {
        return new RunEventsController(answers, view, cursors);
    }
}

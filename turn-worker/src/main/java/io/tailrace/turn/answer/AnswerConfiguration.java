package io.tailrace.turn.answer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.service.kafka.KafkaClients;
import io.tailrace.worker.queue.WorkerSettings;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers of before. */
@Configuration(proxyBeanMethods = false)
public class AnswerConfiguration {

    @Bean(destroyMethod = "close")
    LoggedAnswers keptAnswers(KafkaClients kafka, WorkerSettings worker, EventCodec codec, MeterRegistry registry) {
        LoggedAnswers answers = new LoggedAnswers(kafka, worker.id().value(), codec, InstantSource.system());
        Gauge.builder("tailrace.turns.answers.known", answers, LoggedAnswers::size)
                .description("Answers that prompts with a cache may take; 0 until the first of them asks")
                .register(registry);
        FunctionCounter.builder("tailrace.turns.answers.failures", answers, LoggedAnswers::failures)
                .description("How often the topic of answers could not be read or written")
                .register(registry);
        return answers;
    }
}

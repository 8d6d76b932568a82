package io.tailrace.turn.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.work.TurnRequest;
import io.tailrace.service.trace.Traces;
import io.tailrace.turn.answer.KeptAnswers;
import io.tailrace.turn.file.InvalidOperatorFile;
import io.tailrace.turn.knowledge.Knowledge;
import io.tailrace.turn.provider.Environment;
import io.tailrace.turn.provider.ProviderDefinition;
import io.tailrace.turn.provider.config.ProvidersFile;
import io.tailrace.turn.provider.runtime.ProviderRuntime;
import io.tailrace.turn.provider.trace.TracedProvider;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.worker.position.PositionReader;
import io.tailrace.worker.result.LoggedResults;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what answers turns. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
public class StageConfiguration {

    /** The operator's file is wrong, or not there: the process does not start, and says why. */
    @Bean(destroyMethod = "close")
    ProviderRuntime providerRuntime(WorkerProperties worker, Traces traces) throws InvalidOperatorFile {
        Optional<Path> file = worker.providers();
        List<ProviderDefinition> definitions = file.isPresent() ? ProvidersFile.read(file.get()) : List.of();
        return new ProviderRuntime(
                definitions,
                new Environment(name -> Optional.ofNullable(System.getenv(name))),
                it -> new TracedProvider(it, traces));
    }

    @Bean
    StageCodec<TurnRequest, TurnFact> turnStages(EventCodec codec) {
        return new TurnStages(codec);
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService deltaTimer() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("delta-timer").factory());
    }

    @Bean
    StageExecutor<TurnRequest, TurnFact> turnExecutor(
            PositionReader reader,
            EventCodec codec,
            Knowledge knowledge,
            KeptAnswers kept,
            ToolExecution tools,
            ProviderRuntime providers,
            WorkerProperties worker,
            ScheduledExecutorService deltaTimer,
            MeterRegistry registry) {
        TurnLog turns = new KafkaTurnLog(reader, codec);
        TurnMetrics metrics = new TurnMetrics(registry);
        return new TurnExecutor(
                turns,
                new LoggedResults(reader, codec),
                knowledge,
                new AnswerCache(kept, turns, InstantSource.system(), metrics),
                tools,
                providers.registry(),
                worker.settings(),
                deltaTimer,
                System::nanoTime,
                metrics);
    }
}

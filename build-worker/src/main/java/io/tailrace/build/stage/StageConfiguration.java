package io.tailrace.build.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.build.folder.WorkerFolder;
import io.tailrace.build.phase.PhaseSettings;
import io.tailrace.build.process.BuildProcesses;
import io.tailrace.build.process.ProcessMark;
import io.tailrace.build.recipe.RecipeFolder;
import io.tailrace.build.recipe.Recipes;
import io.tailrace.events.build.BuildFact;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.worker.stage.StageExecutor;
import io.tailrace.worker.stage.StageKind;
import java.io.IOException;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what executes builds. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
public class StageConfiguration {

    @Bean
    ProcessMark processMark() {
        return new ProcessMark(UUID.randomUUID().toString().replace("-", ""));
    }

    @Bean(destroyMethod = "close")
    WorkerFolder workerFolder(WorkerProperties worker, ProcessMark mark) throws IOException {
        return WorkerFolder.open(worker.dataDir(), mark);
    }

    @Bean(destroyMethod = "close")
    BuildProcesses buildProcesses(ProcessMark mark, WorkerFolder folder) throws IOException {
        return new BuildProcesses(mark, folder.path());
    }

    @Bean
    Recipes recipes(WorkerProperties worker) {
        return new Recipes(worker.recipes().map(RecipeFolder::new), worker.adhocPhases());
    }

    @Bean
    StageKind<BuildRequest, BuildFact> buildStages(EventCodec codec) {
        return new BuildStages(codec);
    }

    @Bean
    StageExecutor<BuildRequest, BuildFact> buildExecutor(
            Recipes recipes, WorkerFolder folder, BuildProcesses processes, MeterRegistry registry) {
        return new BuildExecutor(
                recipes, folder, processes, PhaseSettings.DEFAULT, System.getenv(), new BuildMetrics(registry));
    }
}

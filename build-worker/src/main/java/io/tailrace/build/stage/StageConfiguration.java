package io.tailrace.build.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.build.folder.BuildFolder;
import io.tailrace.build.folder.WorkerFolder;
import io.tailrace.build.isolation.Isolation;
import io.tailrace.build.isolation.Secrets;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    BuildProcesses buildProcesses(ProcessMark mark, WorkerFolder folder, Isolation isolation) throws IOException {
        return new BuildProcesses(
                mark, folder.path(), isolation.confinement(), isolation.limits().ofTree());
    }

    @Bean
    Isolation isolation(WorkerProperties worker, WorkerFolder folder) throws IOException {
        BuildFolder probe = folder.create();
        Path java = Path.of(System.getProperty("java.home"));
        try {
            return Isolation.choose(
                    worker.isolation().settings(java, List.of(folder.path())),
                    worker.limits().limits(),
                    probe.path());
        } finally {
            probe.remove();
        }
    }

    @Bean
    Secrets secrets(WorkerProperties worker) {
        return Secrets.of(worker.secrets(), System.getenv());
    }

    @Bean
    Recipes recipes(WorkerProperties worker, WorkerFolder folder) throws IOException {
        if (worker.recipes().isPresent() && Files.exists(worker.recipes().get())) {
            Path recipes = worker.recipes().get().toRealPath();
            if (folder.path().startsWith(recipes)) {
                throw new IllegalArgumentException(
                        "tailrace.worker.data-dir must not lie in tailrace.worker.recipes-dir (" + recipes
                                + "): builds may read the latter");
            }
        }
        return new Recipes(worker.recipes().map(RecipeFolder::new), worker.adhocPhases());
    }

    @Bean
    StageKind<BuildRequest, BuildFact> buildStages(EventCodec codec) {
        return new BuildStages(codec);
    }

    @Bean
    StageExecutor<BuildRequest, BuildFact> buildExecutor(
            Recipes recipes,
            WorkerFolder folder,
            BuildProcesses processes,
            Secrets secrets,
            Isolation isolation,
            MeterRegistry registry) {
        BuildMetrics metrics = new BuildMetrics(registry);
        metrics.isolation(isolation);
        return new BuildExecutor(recipes, folder, processes, PhaseSettings.DEFAULT, System.getenv(), secrets, metrics);
    }
}

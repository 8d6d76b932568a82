package io.tailrace.builds.stage;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.builds.artifact.ArtifactCache;
import io.tailrace.builds.artifact.ArtifactSource;
import io.tailrace.builds.environment.EnvironmentStore;
import io.tailrace.builds.phase.PhaseSettings;
import io.tailrace.builds.recipe.RecipeFolder;
import io.tailrace.builds.recipe.Recipes;
import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.work.BuildRequest;
import io.tailrace.sandbox.folder.BuildFolder;
import io.tailrace.sandbox.folder.WorkerFolder;
import io.tailrace.sandbox.isolation.Isolation;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.sandbox.process.BuildProcesses;
import io.tailrace.sandbox.process.ProcessMark;
import io.tailrace.service.trace.Traces;
import io.tailrace.worker.result.CallArguments;
import io.tailrace.worker.result.StepResults;
import io.tailrace.worker.stage.StageCodec;
import io.tailrace.worker.stage.StageExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what executes builds. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
public class StageConfiguration {

    private static final long MAX_ARTIFACT_BYTES = 2L * 1024 * 1024 * 1024;

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
    Isolation isolation(WorkerProperties worker, WorkerFolder folder, EnvironmentStore store) throws IOException {
        BuildFolder probe = folder.create();
        Path java = Path.of(System.getProperty("java.home"));
        try {
            return Isolation.choose(
                    worker.isolation().settings(java, List.of(folder.path(), store.path())),
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
    StageCodec<BuildRequest, BuildFact> buildStages(EventCodec codec) {
        return new BuildStages(codec);
    }

    @Bean
    EnvironmentStore environmentStore(WorkerProperties worker, InstantSource clock) throws IOException {
        return new EnvironmentStore(
                worker.environmentsFolder(),
                clock,
                worker.environments().maxAge(),
                worker.environments().maxSize().toBytes());
    }

    @Bean
    ArtifactCache artifactCache(WorkerProperties worker, ArtifactSource source, InstantSource clock)
            throws IOException {
        return new ArtifactCache(worker.dataDir().resolve("artifacts"), source, clock, MAX_ARTIFACT_BYTES);
    }

    @Bean
    BuildSurroundings buildSurroundings(
            Recipes recipes,
            WorkerFolder folder,
            BuildProcesses processes,
            Secrets secrets,
            Isolation isolation,
            MeterRegistry registry,
            Traces traces) {
        BuildMetrics metrics = new BuildMetrics(registry);
        metrics.isolation(isolation);
        return new BuildSurroundings(
                recipes, folder, processes, PhaseSettings.DEFAULT, System.getenv(), secrets, metrics, traces);
    }

    @Bean
    StageExecutor<BuildRequest, BuildFact> buildExecutor(
            BuildSurroundings surroundings,
            EnvironmentStore store,
            ArtifactCache archives,
            Isolation isolation,
            StepResults results,
            CallArguments arguments) {
        EnvironmentBuilds environments = new EnvironmentBuilds(
                surroundings,
                store,
                archives,
                isolation.network() == Network.HOST,
                () -> UUID.randomUUID().toString());
        return new BuildExecutor(surroundings, environments, results, arguments);
    }
}

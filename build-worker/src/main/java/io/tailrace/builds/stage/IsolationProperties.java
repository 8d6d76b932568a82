package io.tailrace.builds.stage;

import io.tailrace.sandbox.isolation.IsolationSettings;
import io.tailrace.sandbox.isolation.IsolationSettings.Mode;
import io.tailrace.sandbox.isolation.IsolationSettings.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How builds are kept from the worker and from each other.
 *
 * @param mode {@code auto}, {@code bubblewrap} or {@code trusted-only}
 * @param network {@code none}, or {@code host}: whatever the worker can reach, also the broker
 * @param readOnlyPaths files and folders that builds may read beside the system's: compilers below /opt, say
 */
public record IsolationProperties(
        @DefaultValue("auto") Mode mode,
        @DefaultValue("none") Network network,
        @DefaultValue List<String> readOnlyPaths) {

    /** Names the property that is out of its bounds. */
    public IsolationProperties {
        readOnlyPaths = List.copyOf(readOnlyPaths);
        for (String text : readOnlyPaths) {
            Path path = Path.of(text);
            if (!path.isAbsolute() || path.getNameCount() == 0) {
                throw new IllegalArgumentException(
                        "tailrace.worker.isolation.read-only-paths has absolute paths, and not the root, not: " + path);
            }
        }
    }

    /** @param java the worker's own, which builds may use too */
    IsolationSettings settings(Path java, List<Path> privateFolders) {
        List<Path> readable = Stream.concat(readOnlyPaths.stream().map(Path::of), Stream.of(java))
                .toList();
        return new IsolationSettings(mode, network, readable, privateFolders);
    }
}

package io.tailrace.local.stack;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that this program belongs to. */
public final class TailraceHome {

    /** System property that the launcher script sets. */
    private static final String PROPERTY = "tailrace.home";

    private TailraceHome() {}

    /**
     * What the launcher said, else the nearest folder upwards from the current one that has our modules.
     *
     * @throws StackStartException when there is none
     */
    public static Path locate() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Path.of(named);
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(ServiceKind.GATEWAY.module()))) {
                return folder;
            }
        }
        throw new StackStartException("No Tailrace checkout was found from " + start + " upwards");
    }
}

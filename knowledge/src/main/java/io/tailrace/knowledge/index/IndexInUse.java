package io.tailrace.knowledge.index;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another index of this one, has the folder open. Nothing was touched. */
public final class IndexInUse extends IOException {
    IndexInUse(Path folder, Throwable cause) {
        super("an index is open in " + folder, cause);
    }
}

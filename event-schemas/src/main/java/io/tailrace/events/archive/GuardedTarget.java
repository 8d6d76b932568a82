package io.tailrace.events.archive;

import io.tailrace.events.definition.EntryName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells what goes wrong with the target from what goes wrong with the archive: only the latter is the archive's fault. */
final class GuardedTarget {
    private final ArchiveTarget target;

    GuardedTarget(ArchiveTarget target) {
        this.target = target;
    }

    void folder(EntryName name) throws IOException {
        try {
            target.folder(name);
        } catch (IOException e) {
            throw new Failed(e);
        }
    }

    void file(EntryName name, InputStream content, boolean executable) throws IOException {
        Observed observed = new Observed(content);
        try {
            target.file(name, observed, executable);
        } catch (IOException e) {
            throw observed.failed ? e : new Failed(e);
        }
    }

    /** What a target failed with. */
    static final class Failed extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        Failed(IOException cause) {
            super(cause);
            this.cause = cause;
        }

        IOException unwrapped() {
            return cause;
        }
    }

    private static final class Observed extends FilterInputStream {
        boolean failed;

        Observed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException | RuntimeException e) {
                failed = true;
                throw e;
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException | RuntimeException e) {
                failed = true;
                throw e;
            }
        }
    }
}

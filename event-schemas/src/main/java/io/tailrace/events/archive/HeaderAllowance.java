package io.tailrace.events.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bounds what may be read between the contents of two entries: a name or an extended header can be as large as a bomb, and the reader of
 * archives keeps it in memory. Confined to one thread.
 */
final class HeaderAllowance extends FilterInputStream {
    /** Names, attributes and the map of a sparse file of one entry, with the padding of the entry before it. */
    static final long MOST = 1024 * 1024;

    private long left = MOST;
    private boolean inContent;

    HeaderAllowance(InputStream in) {
        super(in);
    }

    void beginsHeader() {
        left = MOST;
        inContent = false;
    }

    void beginsContent() {
        inContent = true;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        taken(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        taken(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        taken(skipped);
        return skipped;
    }

    private void taken(long count) throws IOException {
        if (!inContent) {
            left -= count;
            if (left < 0) {
                throw new IOException("the header of an entry has more than " + MOST + " bytes");
            }
        }
    }
}

package io.tailrace.turn.provider.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A body that a server has compressed though nobody asked for it. Looks at its first bytes only when it is read. */
final class Decompressed extends InputStream {

    private final InputStream compressed;
    private Optional<InputStream> plain = Optional.empty();

    private Decompressed(InputStream compressed) {
        this.compressed = compressed;
    }

    /**
     * The body as it was before its encoding.
     *
     * @param encoding of the head; of another one than gzip the body fails when it is read
     */
    static InputStream of(Optional<String> encoding, InputStream body) {
        return switch (encoding.orElse("").strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> body;
            case "gzip", "x-gzip" -> new Decompressed(body);
            default ->
                new FilterInputStream(body) {
                    @Override
                    public int read() throws IOException {
                        throw ProviderSaid.noAnswer(200, "a body with the content encoding " + encoding.orElse(""), "");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                };
        };
    }

    @Override
    public int read() throws IOException {
        return plain().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return plain().read(bytes, offset, length);
    }

    private InputStream plain() throws IOException {
        if (plain.isEmpty()) {
            plain = Optional.of(new GZIPInputStream(compressed));
        }
        return plain.get();
    }

    @Override
    public void close() throws IOException {
        compressed.close();
    }
}

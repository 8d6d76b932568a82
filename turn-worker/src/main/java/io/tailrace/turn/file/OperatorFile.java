package io.tailrace.turn.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML file of the operator's of at most 256 KiB: plain values only, no key twice, few aliases. */
public final class OperatorFile {
    /** The path of the whole document. */
    public static final String ROOT = "$";

    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_ALIASES = 20;
    private static final int MAX_DEPTH = 20;

    private OperatorFile() {}

    /** Makes something of a file's text. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws InvalidOperatorFile;
    }

    /**
     * What a parser makes of a file.
     *
     * @throws InvalidOperatorFile when it cannot be read, or cannot be used; the message says where, and what to mend
     */
    public static <T> T read(Path file, Parser<T> parser) throws InvalidOperatorFile {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidOperatorFile(ROOT, "is larger than " + MAX_BYTES + " bytes");
            }
            return parser.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new InvalidOperatorFile(file.toString(), "is not UTF-8");
        } catch (IOException e) {
            throw new InvalidOperatorFile(file.toString(), "cannot be read: " + e);
        } catch (InvalidOperatorFile e) {
            throw new InvalidOperatorFile(file.toString(), e);
        }
    }

    /**
     * The document in a text.
     *
     * @param none how a file is written that names nothing
     */
    public static Object load(String text, String none) throws InvalidOperatorFile {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        try {
            Object tree = new Yaml(new SafeConstructor(options)).load(text);
            if (tree == null) {
                throw new InvalidOperatorFile(ROOT, "is empty; write \"" + none + "\" for none");
            }
            return tree;
        } catch (YAMLException e) {
            throw new InvalidOperatorFile(ROOT, "is not YAML that can be read: " + e.getMessage());
        }
    }
}

package io.tailrace.builds.input;

import io.tailrace.events.definition.EntryName;
import io.tailrace.events.definition.UnsafeEntryName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is to be made in a build's folder: below it, whatever the name says, and through no link. */
final class InputFile {
    private final EntryName name;
    private final byte[] content;

    private InputFile(EntryName name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    static InputFile of(String given, byte[] content) throws UnusableInput {
        try {
            EntryName name = EntryName.parse(given);
            if (name.isRoot()) {
                throw UnusableInput.file(given, "is the folder itself");
            }
            return new InputFile(name, content);
        } catch (UnsafeEntryName e) {
            throw UnusableInput.file(given, String.valueOf(e.getMessage()));
        }
    }

    /** Makes it, and the folders that lead to it. Nothing that is there already is written over, followed or removed. */
    void write(Path folder) throws UnusableInput, IOException {
        Path place = folder;
        for (String part : name.parts().subList(0, name.parts().size() - 1)) {
            place = place.resolve(part);
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                makeFolder(place);
            }
        }
        try {
            Files.write(
                    place.resolve(name.parts().getLast()),
                    content,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw UnusableInput.file(name.toString(), "is there already");
        }
    }

    private void makeFolder(Path place) throws UnusableInput, IOException {
        try {
            Files.createDirectory(place);
        } catch (FileAlreadyExistsException e) {
            throw UnusableInput.file(name.toString(), "would lie in something that is no folder");
        }
    }
}

package io.tailrace.knowledge.log;

/** The log or the disk does not give what is asked for. Another try can succeed: an index that is damaged is built anew. */
public final class RepositoryUnreadable extends Exception {
    private static final long serialVersionUID = 1L;

    RepositoryUnreadable(RepositoryLog log, Throwable cause) {
        super("the repository " + log.name() + " cannot be read: " + cause.getMessage(), cause);
    }
}

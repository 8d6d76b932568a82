package io.tailrace.build.process;

/**
 * What all processes of a build use together.
 *
 * @param threads of all of them
 * @param memoryBytes memory of their own that is in use (resident, without what is shared with files or other processes)
 */
record TreeUsage(int threads, long memoryBytes) {

    static final TreeUsage NOTHING = new TreeUsage(0, 0);

    TreeUsage plus(TreeUsage other) {
        return new TreeUsage(threads + other.threads, memoryBytes + other.memoryBytes);
    }
}

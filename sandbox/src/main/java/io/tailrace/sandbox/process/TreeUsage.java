package io.tailrace.sandbox.process;

/**
 * What all processes of a build use together.
 *
 * @param threads of all of them
 * @param memoryBytes see {@link MemoryCount}
 */
record TreeUsage(int threads, long memoryBytes) {}

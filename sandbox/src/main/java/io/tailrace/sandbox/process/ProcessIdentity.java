package io.tailrace.sandbox.process;

/** A process, told apart from a later one that got the same pid. */
record ProcessIdentity(long pid, long startTicks) {}

/**
 * Repositories in the log: what their records say, and indexes of them on this machine's disk, for whoever searches one.
 */
@NullMarked
package io.tailrace.knowledge.log;

import org.jspecify.annotations.NullMarked;

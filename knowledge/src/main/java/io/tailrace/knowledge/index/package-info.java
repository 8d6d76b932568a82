/**
 * The index of one repository on this machine's disk. It answers at a version, and gives the same answer on every machine.
 */
@NullMarked
package io.tailrace.knowledge.index;

import org.jspecify.annotations.NullMarked;

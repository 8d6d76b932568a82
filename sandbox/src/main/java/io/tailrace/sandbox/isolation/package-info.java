/**
 * What keeps a build from the worker, from other builds and from more than its share of the machine: namespaces made by bubblewrap,
 * resource limits, and secrets that are handed out by name only. Writes command lines; starts nothing but the probe.
 */
@NullMarked
package io.tailrace.sandbox.isolation;

import org.jspecify.annotations.NullMarked;

/** Environments that were built once and are used again: named by a fingerprint, published whole or not at all, checked before use. */
@NullMarked
package io.tailrace.builds.environment;

import org.jspecify.annotations.NullMarked;

/** Typed identifiers. Every one validates itself, so that a value of such a type can be used in a path, a header or a key. */
@NullMarked
package io.tailrace.events.id;

import org.jspecify.annotations.NullMarked;

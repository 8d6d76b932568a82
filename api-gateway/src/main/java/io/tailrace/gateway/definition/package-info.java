/** The topic of definitions: one reader of it for all features that have something there. */
@NullMarked
package io.tailrace.gateway.definition;

import org.jspecify.annotations.NullMarked;

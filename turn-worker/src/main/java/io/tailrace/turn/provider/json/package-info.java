/** JSON of tools and of errors, for the adapters. */
@NullMarked
package io.tailrace.turn.provider.json;

import org.jspecify.annotations.NullMarked;

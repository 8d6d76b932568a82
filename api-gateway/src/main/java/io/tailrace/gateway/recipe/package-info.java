/** The operator's folder of definitions, and what of it a plan may use. */
@NullMarked
package io.tailrace.gateway.recipe;

import org.jspecify.annotations.NullMarked;

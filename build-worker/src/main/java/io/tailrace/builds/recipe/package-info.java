/** The recipe {@code commands}: phases from a file in the operator's folder, or from the request where the operator allows that. */
@NullMarked
package io.tailrace.builds.recipe;

import org.jspecify.annotations.NullMarked;

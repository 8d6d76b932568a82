@NullMarked
package io.tailrace.builds.recipe;

import org.jspecify.annotations.NullMarked;

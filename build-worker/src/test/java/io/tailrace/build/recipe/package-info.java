@NullMarked
package io.tailrace.build.recipe;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.tailrace.builds.input;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.tailrace.builds.environment;

import org.jspecify.annotations.NullMarked;

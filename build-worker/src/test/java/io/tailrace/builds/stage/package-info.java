@NullMarked
package io.tailrace.builds.stage;

import org.jspecify.annotations.NullMarked;

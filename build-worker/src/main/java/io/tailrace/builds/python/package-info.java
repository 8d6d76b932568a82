/** The recipe {@code python-env}: what an environment is made from, and the six phases that make it. */
@NullMarked
package io.tailrace.builds.python;

import org.jspecify.annotations.NullMarked;

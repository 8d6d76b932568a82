@NullMarked
package io.tailrace.builds.process;

import org.jspecify.annotations.NullMarked;

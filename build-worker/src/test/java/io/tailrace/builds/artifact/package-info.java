@NullMarked
package io.tailrace.builds.artifact;

import org.jspecify.annotations.NullMarked;

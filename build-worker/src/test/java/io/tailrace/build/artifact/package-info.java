@NullMarked
package io.tailrace.build.artifact;

import org.jspecify.annotations.NullMarked;

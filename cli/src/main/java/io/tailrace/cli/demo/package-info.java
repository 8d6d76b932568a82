/** A real build from start to end, with its connection cut in the middle. */
@NullMarked
package io.tailrace.cli.demo;

import org.jspecify.annotations.NullMarked;

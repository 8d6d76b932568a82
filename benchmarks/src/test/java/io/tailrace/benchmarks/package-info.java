@NullMarked
package io.tailrace.benchmarks;

import org.jspecify.annotations.NullMarked;

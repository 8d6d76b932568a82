@NullMarked
package io.tailrace.worker.result;

import org.jspecify.annotations.NullMarked;

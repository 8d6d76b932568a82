@NullMarked
package io.tailrace.worker.board;

import org.jspecify.annotations.NullMarked;

/** What run-events say about the stages that workers may be asked to do or are doing. */
@NullMarked
package io.tailrace.worker.board;

import org.jspecify.annotations.NullMarked;

/** YAML files of the operator's, read strictly. */
@NullMarked
package io.tailrace.turn.file;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.tailrace.cli.knowledge;

import org.jspecify.annotations.NullMarked;

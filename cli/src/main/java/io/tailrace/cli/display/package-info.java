/** Events as text for a person at a terminal. */
@NullMarked
package io.tailrace.cli.display;

import org.jspecify.annotations.NullMarked;

/** A chat at the terminal. */
@NullMarked
package io.tailrace.cli.chat;

import org.jspecify.annotations.NullMarked;

/** Texts as people are shown them. */
@NullMarked
package io.tailrace.events.text;

import org.jspecify.annotations.NullMarked;

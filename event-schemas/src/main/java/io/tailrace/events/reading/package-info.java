/** The pure reading rules: fence, reader and cursor (DESIGN sections 6 to 8). */
@NullMarked
package io.tailrace.events.reading;

import org.jspecify.annotations.NullMarked;

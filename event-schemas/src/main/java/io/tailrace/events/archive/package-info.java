/** What an archive that strangers made may be: one rule for who takes archives and for who unpacks them. */
@NullMarked
package io.tailrace.events.archive;

import org.jspecify.annotations.NullMarked;

/** Named resources and the files they refer to. */
@NullMarked
package io.tailrace.events.definition;

import org.jspecify.annotations.NullMarked;

/** Executes one build: from the request to the record that ends its stage. */
@NullMarked
package io.tailrace.builds.stage;

import org.jspecify.annotations.NullMarked;

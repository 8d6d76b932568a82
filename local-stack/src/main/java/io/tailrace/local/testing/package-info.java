/** The broker that the integration tests of all modules share. */
@NullMarked
package io.tailrace.local.testing;

import org.jspecify.annotations.NullMarked;

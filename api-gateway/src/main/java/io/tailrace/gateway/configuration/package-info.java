/** Configurations: archives that clients upload, in versions, and that environments are built from. */
@NullMarked
package io.tailrace.gateway.configuration;

import org.jspecify.annotations.NullMarked;

/** Tests of configurations. */
@NullMarked
package io.tailrace.gateway.configuration;

import org.jspecify.annotations.NullMarked;

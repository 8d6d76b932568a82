/** Tests of the environment-build API. */
@NullMarked
package io.tailrace.gateway.environment;

import org.jspecify.annotations.NullMarked;

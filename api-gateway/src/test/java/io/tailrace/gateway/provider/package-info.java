/** Tests of the providers' routes. */
@NullMarked
package io.tailrace.gateway.provider;

import org.jspecify.annotations.NullMarked;

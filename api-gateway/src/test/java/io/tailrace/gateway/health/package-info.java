/** Tests of the gateway's health and of its ready line. */
@NullMarked
package io.tailrace.gateway.health;

import org.jspecify.annotations.NullMarked;

/** Tests of the gateway beside a log that comes and goes. */
@NullMarked
package io.tailrace.gateway.kafka;

import org.jspecify.annotations.NullMarked;

/** Stored subscriptions: which runs a client watches, by an id, at every gateway. */
@NullMarked
package io.tailrace.gateway.subscription;

import org.jspecify.annotations.NullMarked;

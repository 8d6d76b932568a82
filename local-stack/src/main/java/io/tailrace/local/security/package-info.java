/** Certificates, users and rights of a stack whose Kafka asks who its clients are. */
@NullMarked
package io.tailrace.local.security;

import org.jspecify.annotations.NullMarked;

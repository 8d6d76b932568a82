/** Tests over real processes: a broker, two gateways, a coordinator, two build-workers, and what can happen to them. */
@NullMarked
package io.tailrace.systemtests;

import org.jspecify.annotations.NullMarked;

/** Environment builds as the clients of the environment-build API know them: its routes, resources and frames. */
@NullMarked
package io.tailrace.gateway.environment;

import org.jspecify.annotations.NullMarked;

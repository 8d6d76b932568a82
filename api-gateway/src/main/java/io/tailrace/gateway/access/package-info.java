/** Who may do what over HTTP: the seam for authentication, CORS, and the limits of the server. */
@NullMarked
package io.tailrace.gateway.access;

import org.jspecify.annotations.NullMarked;

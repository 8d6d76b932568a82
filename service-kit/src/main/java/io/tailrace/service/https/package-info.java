/** HTTPS of a service's own server. */
@NullMarked
package io.tailrace.service.https;

import org.jspecify.annotations.NullMarked;

/** The events of a run over HTTP: page by page as JSON, or all of them as a download. */
@NullMarked
package io.tailrace.gateway.events;

import org.jspecify.annotations.NullMarked;

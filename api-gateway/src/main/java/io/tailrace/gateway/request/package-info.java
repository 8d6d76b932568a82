/** What every endpoint reads of a request beside its body: ids in paths, query parameters. */
@NullMarked
package io.tailrace.gateway.request;

import org.jspecify.annotations.NullMarked;

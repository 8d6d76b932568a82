/** Knowledge repositories: made, filled with documents, searched. */
@NullMarked
package io.tailrace.gateway.repository;

import org.jspecify.annotations.NullMarked;

/** {@code tailrace knowledge}: repositories of documents, filled and searched. */
@NullMarked
package io.tailrace.cli.knowledge;

import org.jspecify.annotations.NullMarked;

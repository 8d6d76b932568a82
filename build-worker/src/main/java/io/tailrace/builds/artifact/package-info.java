/** A configuration's archive: fetched from the log in chunks, kept by its digest, and unpacked with suspicion. */
@NullMarked
package io.tailrace.builds.artifact;

import org.jspecify.annotations.NullMarked;

/** Where builds work: a private folder for each, below the worker's own, removed after the build or by the next worker. */
@NullMarked
package io.tailrace.sandbox.folder;

import org.jspecify.annotations.NullMarked;

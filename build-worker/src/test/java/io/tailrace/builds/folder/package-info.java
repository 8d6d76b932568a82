@NullMarked
package io.tailrace.builds.folder;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.tailrace.local.folder;

import org.jspecify.annotations.NullMarked;

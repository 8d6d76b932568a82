@NullMarked
package io.tailrace.builds.service;

import org.jspecify.annotations.NullMarked;

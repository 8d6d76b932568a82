@NullMarked
package io.tailrace.gateway.repository;

import org.jspecify.annotations.NullMarked;

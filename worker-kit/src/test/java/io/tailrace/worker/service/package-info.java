@NullMarked
package io.tailrace.worker.service;

import org.jspecify.annotations.NullMarked;

/** The process around a worker: its connection to the log, its life, its health. Only this package knows Spring. */
@NullMarked
package io.tailrace.worker.service;

import org.jspecify.annotations.NullMarked;

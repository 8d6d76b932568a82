package io.tailrace.events.work;

/** A record of a work queue: one attempt at one stage. */
public sealed interface WorkRequest permits BuildRequest, TurnRequest {}

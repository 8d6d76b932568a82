package io.tailrace.events.id;

/** Marks a record with exactly one component that stands for that component on the wire (Avro and JSON alike). */
public interface WireScalar {}

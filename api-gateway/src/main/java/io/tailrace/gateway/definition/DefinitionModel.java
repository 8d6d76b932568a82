package io.tailrace.gateway.definition;

import io.tailrace.events.definition.Definition;

/** What a feature makes of the definitions. Written by the tail's thread alone. */
public interface DefinitionModel {
    /** Forgets everything: the topic is read from its beginning. */
    void clear();

    /** Takes the next definition; one of another feature changes nothing. */
    void apply(Definition definition);
}

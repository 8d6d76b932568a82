package io.tailrace.cli.demo;

import java.io.PrintStream;

/** What came of a part of the demo. */
sealed interface Shown permits BuildShown, ChatShown, AssistantShown {

    /** Whether everything was as the demo says. */
    boolean isGood();

    /** Says what happened, and how it compares. */
    void explain(PrintStream out);
}

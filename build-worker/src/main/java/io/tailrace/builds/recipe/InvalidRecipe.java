package io.tailrace.builds.recipe;

import io.tailrace.events.run.Failure;

/** A build's phases cannot be known; the message tells the author or the operator what to do. */
public final class InvalidRecipe extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    private InvalidRecipe(String code, String message) {
        super(message);
        this.code = code;
    }

    static InvalidRecipe unknown(String name) {
        return new InvalidRecipe(
                "unknown_definition",
                "This worker has no definition \"" + name + "\". Put " + name
                        + ".yaml into its recipes folder (tailrace.worker.recipes-dir), or correct the name.");
    }

    static InvalidRecipe unusable(String name, String problem) {
        return new InvalidRecipe(
                "invalid_definition", "The definition \"" + name + "\" cannot be used: " + problem + ".");
    }

    static InvalidRecipe adhocForbidden() {
        return new InvalidRecipe(
                "adhoc_phases_forbidden",
                "This worker runs no phases that are given with the request. Name a definition, or let the operator set "
                        + "tailrace.worker.adhoc-phases=true.");
    }

    static InvalidRecipe adhocSecret(String phase) {
        return new InvalidRecipe(
                "adhoc_secret_forbidden",
                "The phase \"" + phase
                        + "\" came with the request and asks for a secret of the worker. Only an operator's "
                        + "definition may do that.");
    }

    static InvalidRecipe unknownRecipe(String recipe) {
        return new InvalidRecipe("unknown_recipe", "This worker does not know the recipe \"" + recipe + "\".");
    }

    /** As the build's failure. */
    public Failure toFailure() {
        return Failure.of(code, String.valueOf(getMessage()));
    }
}

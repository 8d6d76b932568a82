package io.tailrace.systemtests;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of a class one browser; each test begins with everything running and no complaints. The store closes
 * the browser after the last test.
 */
final class RunPageBrowser implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RunPageBrowser.class);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        context.getStore(NAMESPACE).put(Chromium.class, Chromium.start());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        SharedStack.heal();
        browser(context).complaints();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Chromium.class);
    }

    @Override
    public Chromium resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return browser(context);
    }

    private static Chromium browser(ExtensionContext context) {
        Chromium browser = context.getStore(NAMESPACE).get(Chromium.class, Chromium.class);
        if (browser == null) {
            throw new IllegalStateException("a browser is there from the beginning of the class on");
        }
        return browser;
    }
}

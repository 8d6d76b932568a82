package io.tailrace.gateway.page;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Wires the page: the root, and its files below {@code /page}. Nothing else is served from files. */
@Configuration(proxyBeanMethods = false)
public class PageConfiguration {
    static final List<String> FILES = List.of(
            "page.css",
            "icon.svg",
            "page.js",
            "api.js",
            "format.js",
            "list.js",
            "live-stream.js",
            "output.js",
            "parts.js",
            "run.js",
            "run-state.js",
            "terminal.js");

    @Bean
    RouterFunction<ServerResponse> page() {
        RouterFunctions.Builder routes = RouterFunctions.route();
        route(routes, "/", "index.html");
        FILES.forEach(name -> route(routes, "/page/" + name, name));
        return routes.build();
    }

    private static void route(RouterFunctions.Builder routes, String path, String name) {
        PageFile file = PageFile.of(name);
        routes.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path)),
                file::answer);
    }
}

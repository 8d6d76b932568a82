package io.tailrace.gateway.api;

import io.tailrace.events.plan.BuildStep;
import io.tailrace.events.plan.PythonEnvironmentDefinition;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.recipe.Recipes.Definition;
import io.tailrace.gateway.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the operator offers to build: names and phases, not the commands behind them. */
@RestController
final class RecipesController {
    private final Recipes recipes;

    RecipesController(Recipes recipes) {
        this.recipes = recipes;
    }

    @GetMapping(path = "/v1/recipes", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, List<Map<String, Object>>>> list(HttpServletRequest request) {
        var _ = QueryParameters.of(request, Set.of());
        return ResponseEntity.ok(Map.of(
                "recipes",
                recipes.definitions().stream().map(RecipesController::tree).toList()));
    }

    private static Map<String, Object> tree(Definition definition) {
        Map<String, Object> tree = new LinkedHashMap<>();
        definition.recipe().ifPresent(it -> tree.put("recipe", it));
        tree.put("definition", definition.name());
        tree.put("phases", phases(definition));
        definition.fault().ifPresent(it -> tree.put("fault", it));
        return tree;
    }

    private static List<Map<String, String>> phases(Definition definition) {
        if (definition.recipe().equals(Optional.of(BuildStep.PYTHON_ENV))) {
            return PythonEnvironmentDefinition.PHASES.stream()
                    .map(it -> phase(it, it))
                    .toList();
        }
        return definition.phases().stream()
                .map(it -> phase(it.name(), it.title()))
                .toList();
    }

    private static Map<String, String> phase(String name, String title) {
        Map<String, String> tree = new LinkedHashMap<>();
        tree.put("name", name);
        tree.put("title", title);
        return tree;
    }
}

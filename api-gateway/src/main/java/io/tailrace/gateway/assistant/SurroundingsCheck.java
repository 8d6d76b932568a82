package io.tailrace.gateway.assistant;

import io.tailrace.events.definition.ProviderCatalogue.ListedModel;
import io.tailrace.events.definition.ProviderCatalogue.ListedProvider;
import io.tailrace.events.definition.ToolServerCatalogue.ListedServer;
import io.tailrace.events.definition.ToolServerCatalogue.ListedTool;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.plan.ModelChoice;
import io.tailrace.events.plan.Retrieval.SearchType;
import io.tailrace.events.plan.Tool;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Source;
import io.tailrace.gateway.assistant.Draft.DraftPrompt;
import io.tailrace.gateway.assistant.Draft.DraftTool;
import io.tailrace.gateway.assistant.Draft.DraftTools;
import io.tailrace.gateway.assistant.Toolbox.Complete;
import io.tailrace.gateway.assistant.Toolbox.DefinedTool;
import io.tailrace.gateway.assistant.Toolbox.Searching;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.provider.RecordedCatalogue;
import io.tailrace.gateway.recipe.Recipes;
import io.tailrace.gateway.repository.RepositoryPins;
import io.tailrace.gateway.toolserver.RecordedToolServers;
import io.tailrace.knowledge.log.RepositoryLog;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a definition asks for and is not there: providers, models, repositories, definitions of builds, servers of
 * tools. Thread-safe; reads files.
 */
final class SurroundingsCheck {
    private static final String SCRIPTED = "scripted";
    /** The capability of models that call tools. */
    private static final String TOOLS = "tools";

    private final RecordedCatalogue providers;
    private final RepositoryPins repositories;
    private final Recipes recipes;
    private final RecordedToolServers servers;

    SurroundingsCheck(
            RecordedCatalogue providers, RepositoryPins repositories, Recipes recipes, RecordedToolServers servers) {
        this.providers = providers;
        this.repositories = repositories;
        this.recipes = recipes;
        this.servers = servers;
    }

    void check(WorkspaceId workspace, Draft draft, Findings findings) {
        Optional<List<ListedProvider>> known =
                providers.current().map(it -> it.catalogue().providers());
        if (known.isEmpty()) {
            findings.warning(
                    "",
                    "providers_unknown",
                    "No turn-worker has recorded its providers yet: providers and models were not checked");
        }
        for (DraftPrompt prompt : draft.prompts()) {
            if (known.isPresent() && prompt.model().isPresent()) {
                provider(known.get(), prompt, prompt.model().get(), findings);
            }
            prompt.knowledge().ifPresent(it -> knowledge(workspace, prompt.path() + ".knowledge", it, findings));
            for (DraftTool tool : prompt.tools().map(DraftTools::tools).orElse(List.of())) {
                tool.tool().ifPresent(it -> tool(workspace, tool.path(), it, findings));
            }
        }
    }

    /** What a tool at this path needs. */
    void tool(WorkspaceId workspace, String path, DefinedTool tool, Findings findings) {
        switch (tool) {
            case Searching searching -> knowledge(workspace, path, searching.knowledge(), findings);
            case Complete(Tool.Build build) -> build(path, build, findings);
            case Complete(Tool.Mcp served) -> served(path, served, findings);
            case Complete _ -> {}
        }
    }

    private void build(String path, Tool.Build build, Findings findings) {
        try {
            recipes.check(path, build.build());
        } catch (RunProblem e) {
            findings.error(e.field().orElse(path), e.code(), e.detail());
        }
    }

    private void served(String path, Tool.Mcp tool, Findings findings) {
        Optional<List<ListedServer>> recorded =
                servers.current().map(it -> it.catalogue().servers());
        if (recorded.isEmpty()) {
            // A turn-worker without servers records nothing.
            findings.warning(
                    path + ".server",
                    "servers_unknown",
                    "No turn-worker has recorded servers of tools yet: " + tool.server() + " was not checked");
            return;
        }
        List<ListedServer> known = recorded.get();
        Optional<ListedServer> found =
                known.stream().filter(it -> it.id().equals(tool.server())).findFirst();
        if (found.isEmpty()) {
            findings.error(
                    path + ".server",
                    "unknown_server",
                    known.isEmpty()
                            ? "No turn-worker has servers of tools"
                            : "Known are: "
                                    + String.join(
                                            ", ",
                                            known.stream().map(ListedServer::id).toList()));
        } else if (found.get().failure().isPresent()) {
            findings.warning(
                    path + ".server",
                    "server_unavailable",
                    "The tools of the server " + tool.server() + " are not known: "
                            + found.get().failure().get());
        } else if (found.get().tools().stream().noneMatch(it -> it.name().equals(tool.tool()))) {
            List<String> names =
                    found.get().tools().stream().map(ListedTool::name).toList();
            findings.error(
                    path + ".tool",
                    "unknown_server_tool",
                    names.isEmpty()
                            ? "The server has no tools"
                            : "The server's tools are: " + String.join(", ", names));
        }
    }

    private static void provider(
            List<ListedProvider> known, DraftPrompt prompt, ModelChoice choice, Findings findings) {
        Optional<ListedProvider> found =
                known.stream().filter(it -> it.id().equals(choice.provider())).findFirst();
        if (found.isEmpty()) {
            findings.error(
                    prompt.path() + ".provider",
                    "unknown_provider",
                    "Known are: "
                            + String.join(
                                    ", ", known.stream().map(ListedProvider::id).toList()));
            return;
        }
        ListedProvider provider = found.get();
        model(provider, prompt, choice, findings);
        if (!provider.available()) {
            findings.warning(
                    prompt.path() + ".provider",
                    "provider_unavailable",
                    "The turn-workers lack " + String.join(", ", provider.missing()));
        }
        if (prompt.script().isPresent() && !provider.family().equals(SCRIPTED)) {
            findings.error(
                    prompt.path() + ".script", "conflicting_fields", "Only the scripted provider has this field");
        }
    }

    private static void model(ListedProvider provider, DraftPrompt prompt, ModelChoice choice, Findings findings) {
        String models = String.join(
                ", ", provider.models().stream().map(ListedModel::id).toList());
        String path = prompt.path() + ".model";
        Optional<String> model = choice.model().or(provider::defaultModel);
        if (model.isEmpty()) {
            findings.error(path, "missing_field", "The provider has no default. Its models are: " + models);
            return;
        }
        Optional<ListedModel> listed = provider.models().stream()
                .filter(it -> it.id().equals(model.get()))
                .findFirst();
        if (listed.isEmpty()) {
            findings.error(path, "unknown_model", "The provider's models are: " + models);
        } else if (prompt.tools().isPresent() && !listed.get().capabilities().contains(TOOLS)) {
            findings.error(path, "model_without_tools", "The model " + model.get() + " calls no tools");
        }
    }

    /** What is searched for a prompt or by a tool, at this path. */
    void knowledge(WorkspaceId workspace, String path, Knowledge knowledge, Findings findings) {
        boolean vectors = knowledge
                .searchType()
                .map(it -> switch (it) {
                    case KEYWORD -> false;
                    case VECTOR, HYBRID -> true;
                })
                .orElse(false);
        for (int i = 0; i < knowledge.sources().size(); i++) {
            Source source = knowledge.sources().get(i);
            Optional<RepositoryLog> found = repositories.find(workspace, source.repository());
            if (found.isEmpty()) {
                findings.error(
                        path + ".repositories[" + i + "].repository",
                        "unknown_repository",
                        "There is no repository " + source.repository() + " in the workspace " + workspace);
            } else if (vectors && found.get().shape().model().isEmpty()) {
                findings.error(
                        path + ".search_type",
                        "repository_without_model",
                        "The repository " + source.repository()
                                + " was made without a model of embeddings: it is searched by keyword");
            }
        }
    }

    /** How repositories are searched if the author left it open: by vectors too, where all have them. */
    static SearchType searchType(Optional<SearchType> chosen, List<RepositoryLog> logs) {
        return chosen.orElse(
                logs.stream().allMatch(it -> it.shape().model().isPresent()) ? SearchType.HYBRID : SearchType.KEYWORD);
    }
}

package io.tailrace.gateway.assistant;

import io.tailrace.events.plan.PromptText;
import io.tailrace.events.plan.Tool;
import io.tailrace.gateway.assistant.AssistantDocument.Knowledge;
import io.tailrace.gateway.assistant.AssistantDocument.Source;
import io.tailrace.gateway.assistant.Draft.DraftInput;
import io.tailrace.gateway.assistant.Draft.DraftOutput;
import io.tailrace.gateway.assistant.Draft.DraftPrompt;
import io.tailrace.gateway.assistant.Draft.DraftTool;
import io.tailrace.gateway.assistant.Toolbox.Complete;
import io.tailrace.gateway.assistant.Toolbox.Searching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what is wrong between the parts of a definition: names, numbers, references. Confined to one thread. */
final class ReferenceCheck {
    /** So that a run's plan, which has the version of each, fits into a record of the log. */
    private static final int MAX_SEARCHED = 1000;

    private final Draft draft;
    private final Findings findings;
    private final Set<String> inputs = new HashSet<>();
    /** The first prompt of each name, by its index. */
    private final Map<String, Integer> prompts = new HashMap<>();

    private final List<Set<String>> uses = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    /** The names of repositories by their numbers. */
    private final Map<Integer, String> repositories = new HashMap<>();

    private int searched;

    private ReferenceCheck(Draft draft, Findings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    static void check(Draft draft, Findings findings) {
        new ReferenceCheck(draft, findings).check();
    }

    private void check() {
        names();
        numbers();
        for (DraftPrompt prompt : draft.prompts()) {
            uses.add(references(prompt));
        }
        for (int i = 0; i < draft.prompts().size(); i++) {
            texts(i);
        }
        outputs();
        if (!findings.hasErrors()) {
            unused();
            pagesBehindCaches();
        }
    }

    private void names() {
        for (DraftInput input : draft.inputs()) {
            if (input.name().isPresent() && !inputs.add(input.name().get())) {
                findings.error(input.path() + ".name", "duplicate_name", "Another input has this name");
            }
        }
        for (int i = 0; i < draft.prompts().size(); i++) {
            DraftPrompt prompt = draft.prompts().get(i);
            if (prompt.name().isPresent()) {
                String name = prompt.name().get();
                if (prompts.putIfAbsent(name, i) != null) {
                    findings.error(prompt.path() + ".name", "duplicate_name", "Another prompt has this name");
                }
                if (inputs.contains(name)) {
                    findings.error(prompt.path() + ".name", "name_collision", "An input has this name");
                }
            }
        }
    }

    /** A number means one prompt, or one repository, in the whole assistant: events have nothing else. */
    private void numbers() {
        Set<Integer> ids = new HashSet<>();
        for (DraftPrompt prompt : draft.prompts()) {
            if (prompt.id().isPresent() && !ids.add(prompt.id().get())) {
                findings.error(prompt.path() + ".id", "duplicate_id", "Another prompt has this id");
            }
            prompt.knowledge().ifPresent(it -> sources(prompt.path() + ".knowledge", it));
            prompt.tools().ifPresent(it -> tools(it.tools()));
        }
    }

    private void sources(String path, Knowledge knowledge) {
        Set<String> here = new HashSet<>();
        for (int i = 0; i < knowledge.sources().size(); i++) {
            Source source = knowledge.sources().get(i);
            String at = path + ".repositories[" + i + "]";
            String before = repositories.putIfAbsent(source.id(), source.repository());
            if (before != null && !before.equals(source.repository())) {
                findings.error(at + ".id", "duplicate_id", "It is the id of the repository " + before);
            }
            if (!here.add(source.repository())) {
                findings.error(at + ".repository", "duplicate_name", "This repository is in the list already");
            }
        }
        searched += knowledge.sources().size();
        if (searched > MAX_SEARCHED) {
            findings.error(
                    path + ".repositories",
                    "too_many",
                    "At most " + MAX_SEARCHED + " repositories are allowed in all lists of an assistant together");
        }
    }

    private void tools(List<DraftTool> tools) {
        Set<String> names = new HashSet<>();
        for (DraftTool tool : tools) {
            if (tool.name().isPresent() && !names.add(tool.name().get())) {
                findings.error(tool.path() + ".name", "duplicate_name", "Another tool of the prompt has this name");
            }
            if (tool.tool().orElse(null) instanceof Searching searching) {
                sources(tool.path(), searching.knowledge());
            }
        }
    }

    private static Set<String> references(DraftPrompt prompt) {
        Set<String> names = new LinkedHashSet<>();
        prompt.text().ifPresent(it -> names.addAll(PromptText.ofAssistant(it).references()));
        prompt.system().ifPresent(it -> names.addAll(PromptText.ofAssistant(it).references()));
        return names;
    }

    private void texts(int index) {
        DraftPrompt prompt = draft.prompts().get(index);
        prompt.text().ifPresent(it -> text(index, prompt.path() + ".text", it));
        prompt.system().ifPresent(it -> text(index, prompt.path() + ".system", it));
    }

    private void text(int index, String path, String text) {
        PromptText parsed = PromptText.ofAssistant(text);
        parsed.malformed()
                .ifPresent(it -> findings.error(
                        path,
                        "malformed_variable",
                        "A variable is written {{name}}, and two braces that are none \\{{; not " + it));
        for (String name : parsed.references()) {
            reference(index, path, name);
        }
    }

    private void reference(int index, String path, String name) {
        if (inputs.contains(name)) {
            used.add(name);
            return;
        }
        Integer found = prompts.get(name);
        if (found == null) {
            findings.error(path, "unknown_variable", "No input and no prompt has the name " + name);
        } else if (found < index) {
            used.add(name);
        } else if (found == index) {
            findings.error(path, "circular_reference", "A prompt cannot use its own answer");
        } else if (reaches(found, index)) {
            findings.error(
                    path,
                    "circular_reference",
                    "The prompt " + name + " uses the answer of this one, and this one its");
        } else {
            findings.error(
                    path,
                    "forward_reference",
                    "The prompt " + name + " comes later: only answers of earlier prompts can be used");
        }
    }

    /** Whether a prompt uses, over whatever others, the answer of another. */
    private boolean reaches(int from, int to) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            int at = next.pop();
            if (at == to) {
                return true;
            }
            if (seen.add(at)) {
                for (String name : uses.get(at)) {
                    Integer prompt = inputs.contains(name) ? null : prompts.get(name);
                    if (prompt != null) {
                        next.push(prompt);
                    }
                }
            }
        }
        return false;
    }

    private void outputs() {
        Set<String> names = new HashSet<>();
        for (DraftOutput output : draft.outputs()) {
            if (output.name().isPresent() && !names.add(output.name().get())) {
                findings.error(output.path() + ".name", "duplicate_name", "Another output has this name");
            }
            Optional<String> prompt = output.prompt();
            if (prompt.isPresent()) {
                if (!prompts.containsKey(prompt.get())) {
                    findings.error(
                            output.path() + ".prompt", "unknown_prompt", "No prompt has the name " + prompt.get());
                }
                used.add(prompt.get());
            }
        }
        if (draft.outputs().isEmpty() && !draft.prompts().isEmpty()) {
            draft.prompts().getLast().name().ifPresent(used::add);
        }
    }

    private void pagesBehindCaches() {
        for (DraftPrompt prompt : draft.prompts()) {
            if (prompt.cacheFor().isPresent()) {
                List<Tool> tools = prompt.tools().stream()
                        .flatMap(it -> it.tools().stream())
                        .flatMap(it -> it.tool().stream())
                        .<Tool>mapMulti((tool, into) -> {
                            if (tool instanceof Complete(Tool complete)) {
                                into.accept(complete);
                            }
                        })
                        .toList();
                cached(prompt.path() + ".cache", tools);
            }
        }
    }

    private void cached(String path, List<Tool> tools) {
        for (Tool tool : tools) {
            switch (tool) {
                case Tool.HttpGet _ ->
                    findings.warning(
                            path,
                            "cached_pages",
                            "An answer from the cache does not see that a page has changed which a tool fetched for it");
                case Tool.Build _, Tool.Mcp _ ->
                    findings.warning(
                            path,
                            "cached_calls",
                            "An answer from the cache calls no tool: nothing is built for it, and no server is asked");
                case Tool.RepositorySearch _ -> {}
            }
        }
    }

    private void unused() {
        for (DraftInput input : draft.inputs()) {
            if (!used.contains(input.name().orElse(""))) {
                findings.warning(input.path(), "unused_input", "No prompt uses this input");
            }
        }
        for (DraftPrompt prompt : draft.prompts()) {
            if (!used.contains(prompt.name().orElse(""))) {
                findings.warning(
                        prompt.path(), "unused_answer", "No prompt uses the answer of this one, and it is no output");
            }
        }
    }
}

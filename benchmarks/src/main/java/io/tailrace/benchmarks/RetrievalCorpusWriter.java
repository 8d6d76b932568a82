package io.tailrace.benchmarks;

import io.tailrace.benchmarks.RetrievalCorpus.Document;
import io.tailrace.benchmarks.RetrievalCorpus.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the corpus of {@link RetrievalBenchmark} into the folder that its argument names, from sentences of our own:
 *
 * <ul>
 *   <li>40 articles, each with a question: 18 use its words, 22 use others. Eight more documents about each article's
 *       subject answer nothing.
 *   <li>100 release notes that differ in a name and a number. 20 questions ask for one of them.
 *   <li>60 error codes with messages that are alike. 10 questions name the code, 10 describe the fault.
 *   <li>20 functions, each with a test. 10 questions name the function, 10 describe it in other words.
 * </ul>
 *
 * <p>So 38 questions have the words of their answer, 42 have others, and 20 are about one of many that are alike. The
 * same release writes the same corpus.
 */
public final class RetrievalCorpusWriter {
    private static final List<String> COMPONENTS = List.of(
            "scheduler",
            "importer",
            "mailer",
            "indexer",
            "billing",
            "gateway",
            "archiver",
            "planner",
            "notifier",
            "auditor");
    private static final List<String> SETTINGS = List.of(
            "lease time",
            "batch size",
            "retry limit",
            "upload limit",
            "cache lifetime",
            "connection pool",
            "page length",
            "history depth",
            "idle time-out",
            "queue bound");
    private static final List<String> FAULTS = List.of(
            "the lease was lost to another instance",
            "the disk has no room for a snapshot",
            "the answer was not valid JSON",
            "the certificate is not trusted",
            "the quota of the workspace is spent",
            "the schema has no such field");
    private static final List<String> DESCRIBED = List.of(
            "someone else took over its claim",
            "storage was full while writing its state",
            "it received a malformed reply",
            "the other side's identity could not be verified",
            "a tenant used more than was allowed",
            "a column does not exist");
    private static final List<String> ASPECTS = List.of(
            "History|Nobody knows who was first with the %s. Museums show pieces that are two centuries old, and collectors pay well for them.",
            "Prices|What a %s costs has doubled within ten years. The survey compares forty shops in six towns.",
            "Course|The evening course about the %s begins on the second Tuesday. Places are few, and the fee is paid in advance.",
            "Supplier|Our supplier for everything around the %s changes in spring. Orders go through the new form from then on.",
            "Survey|Of a thousand people who were asked about the %s, a third had no opinion. The youngest knew most.",
            "Checklist|The checklist for the %s has nine points and is signed by two persons. It hangs beside the door.",
            "Complaints|Complaints about the %s go to the office on the ground floor. An answer takes a week or two.",
            "Film|The short film about the %s was shown at three festivals. Its music is better than its pictures.");

    private final List<Document> documents = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();

    private RetrievalCorpusWriter() {}

    public static void main(String[] args) throws IOException {
        RetrievalCorpus corpus = corpus();
        write(Path.of(args[0], "documents.ndjson"), corpus.documents());
        write(Path.of(args[0], "questions.ndjson"), corpus.questions());
    }

    static RetrievalCorpus corpus() throws IOException {
        RetrievalCorpusWriter writer = new RetrievalCorpusWriter();
        writer.articles();
        writer.releases();
        writer.errors();
        writer.functions();
        return new RetrievalCorpus(List.copyOf(writer.documents), List.copyOf(writer.questions));
    }

    private static void write(Path file, List<?> rows) throws IOException {
        JsonMapper json = JsonMapper.shared();
        StringBuilder lines = new StringBuilder();
        rows.forEach(it -> lines.append(json.writeValueAsString(it)).append('\n'));
        Files.writeString(file, lines);
    }

    private void articles() throws IOException {
        int number = 0;
        for (String line : RetrievalCorpus.lines("topics.txt")) {
            String[] part = line.split("\\|", -1);
            String id = id("article", number);
            add(id, part[1], part[2]);
            for (int i = 0; i < ASPECTS.size(); i++) {
                String[] aspect = ASPECTS.get(i).split("\\|", -1);
                add(id + "-" + i, aspect[0] + ": " + part[0], String.format(Locale.ROOT, aspect[1], part[0]));
            }
            ask(part[4], part[3], Map.of(id, 2));
            number++;
        }
    }

    private void releases() {
        int number = 0;
        for (int c = 0; c < COMPONENTS.size(); c++) {
            for (int r = 0; r < 10; r++) {
                String name = COMPONENTS.get(c);
                String setting = SETTINGS.get((r * 3 + c) % SETTINGS.size());
                int before = 10 + 7 * r + c;
                int after = before + 5 + (r + c) % 4;
                String release = "2." + (r + c % 3);
                String id = id("release", number);
                add(
                        id,
                        "Release " + release + " of the " + name,
                        "The default of the " + setting + " of the " + name + " was raised from " + before + " to "
                                + after + ". All other settings are as they were. Upgrade one instance at a time.");
                if (r == (c * 3) % 10) {
                    ask("one of many", "What changed in release " + release + " of the " + name + "?", Map.of(id, 2));
                }
                if (r == (c * 3 + 5) % 10) {
                    ask(
                            "one of many",
                            "Since which release is the " + setting + " of the " + name + " " + after + "?",
                            Map.of(id, 2));
                }
                number++;
            }
        }
    }

    private void errors() {
        int number = 0;
        for (int c = 0; c < COMPONENTS.size(); c++) {
            for (int f = 0; f < FAULTS.size(); f++) {
                String name = COMPONENTS.get(c);
                String code = "TR-" + (4100 + 37 * number);
                String id = id("error", number);
                add(
                        id,
                        "Error " + code,
                        "The " + name + " ends with " + code + " when " + FAULTS.get(f)
                                + ". It is started again after a minute. Nothing is lost.");
                if (f == c % FAULTS.size()) {
                    ask("same words", "What does " + code + " mean?", Map.of(id, 2));
                }
                if (f == (c + 3) % FAULTS.size()) {
                    ask("described", "Which code has the " + name + " when " + DESCRIBED.get(f) + "?", Map.of(id, 2));
                }
                number++;
            }
        }
    }

    private void functions() throws IOException {
        int number = 0;
        for (String line : RetrievalCorpus.lines("code.txt")) {
            String[] part = line.split("\\|", -1);
            String parameter = part[2].substring(part[2].lastIndexOf(' ') + 1);
            String test = part[0] + "Test";
            String id = id("function", number);
            add(
                    id,
                    "Source of module " + (char) ('A' + number),
                    "The function " + part[3] + ".\n\n```java\nstatic " + part[1] + " " + part[0] + "(" + part[2]
                            + ") {\n    Objects.requireNonNull(" + parameter + ");\n    return Core." + part[0] + "("
                            + parameter + ");\n}\n```");
            add(
                    id + "-test",
                    "Tests of module " + (char) ('A' + number),
                    "```java\n@Test\nvoid " + test + "() {\n    assertEquals(expected(), Core." + part[0]
                            + "(sample()));\n}\n```");
            if (part[4].isEmpty()) {
                ask("same words", "Where is " + part[0] + " defined?", Map.of(id, 2, id + "-test", 1));
            } else {
                ask("other words", part[4], Map.of(id, 2));
            }
            number++;
        }
    }

    private static String id(String kind, int number) {
        return String.format(Locale.ROOT, "%s-%03d", kind, number);
    }

    private void add(String id, String title, String text) {
        documents.add(new Document(id, title, "# " + title + "\n\n" + text + "\n"));
    }

    private void ask(String kind, String text, Map<String, Integer> grades) {
        questions.add(new Question(id("question", questions.size()), kind, text, new TreeMap<>(grades)));
    }
}

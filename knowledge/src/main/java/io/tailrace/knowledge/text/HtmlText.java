package io.tailrace.knowledge.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;

/**
 * What a reader of a page would read: headings, paragraphs, lists, rows of tables, {@code pre} as code. Scripts, styles
 * and what is hidden from everybody are left out. Confined to one call.
 */
final class HtmlText implements NodeVisitor {
    /** Deeper elements are flattened by the parser. */
    private static final int MAX_DEPTH = 256;

    private static final Set<String> SILENT = Set.of(
            "script",
            "style",
            "template",
            "noscript",
            "svg",
            "math",
            "iframe",
            "object",
            "canvas",
            "head",
            "select",
            "textarea",
            "button");
    private static final Set<String> LINES = Set.of("br", "tr", "li", "dt", "dd", "option", "caption");

    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private final int maxCharacters;
    private int blockStart;
    private int silent;
    private int code;

    private HtmlText(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    static DocumentText of(String source, int maxCharacters) {
        Document page = Parser.htmlParser().setMaxDepth(MAX_DEPTH).parseInput(source, "");
        HtmlText reader = new HtmlText(maxCharacters);
        page.traverse(reader);
        reader.endBlock();
        return new DocumentText(reader.text.toString(), reader.blocks);
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode words) {
            if (silent == 0) {
                append(words.getWholeText());
            }
        } else if (node instanceof Element element) {
            begin(element);
        }
    }

    private void begin(Element element) {
        String name = element.normalName();
        if (SILENT.contains(name)) {
            silent++;
        } else if (silent > 0) {
            return;
        } else if (name.equals("pre")) {
            if (code++ == 0) {
                endBlock();
            }
        } else if (code == 0 && isHeading(name)) {
            endBlock();
        } else if (name.equals("td") || name.equals("th")) {
            if (code == 0 && text.length() > blockStart && !endsWith('\n')) {
                text.append(" | ");
            }
        } else if (LINES.contains(name)) {
            newLine();
            if (name.equals("li") && code == 0) {
                text.append("- ");
            }
        } else if (code == 0 && element.isBlock()) {
            endBlock();
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return;
        }
        String name = element.normalName();
        if (SILENT.contains(name)) {
            silent--;
        } else if (silent > 0) {
            return;
        } else if (name.equals("pre")) {
            if (--code == 0) {
                endCode();
            }
        } else if (code == 0 && isHeading(name)) {
            endHeading(name.charAt(1) - '0');
        } else if (code == 0
                && element.isBlock()
                && !LINES.contains(name)
                && !name.equals("td")
                && !name.equals("th")) {
            endBlock();
        }
    }

    private static boolean isHeading(String name) {
        return name.length() == 2 && name.charAt(0) == 'h' && name.charAt(1) >= '1' && name.charAt(1) <= '6';
    }

    private void append(String words) {
        String clean = CleanText.of(words);
        if (code > 0) {
            text.append(clean);
        } else {
            for (int i = 0; i < clean.length(); i++) {
                char c = clean.charAt(i);
                boolean space = Character.isWhitespace(c) || c == '\u00A0';
                if (!space) {
                    text.append(c);
                } else if (text.length() > blockStart && !endsWith(' ') && !endsWith('\n')) {
                    text.append(' ');
                }
            }
        }
        if (text.length() > maxCharacters) {
            throw new TooMuchText();
        }
    }

    private boolean endsWith(char c) {
        return !text.isEmpty() && text.charAt(text.length() - 1) == c;
    }

    private void newLine() {
        if (text.length() > blockStart && !endsWith('\n')) {
            text.append('\n');
        }
    }

    private void endBlock() {
        end((start, end) -> blocks.add(new Block.Prose(start, end)));
    }

    private void endCode() {
        end((start, end) -> blocks.add(new Block.Code(start, end)));
    }

    private void endHeading(int level) {
        end((start, end) -> {
            String title = text.substring(start, end).replace('\n', ' ');
            blocks.add(new Block.Heading(start, end, level, title));
        });
    }

    private interface Ended {
        void at(int start, int end);
    }

    private void end(Ended ended) {
        int end = text.length();
        while (end > blockStart && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        text.setLength(end);
        if (end > blockStart) {
            ended.at(blockStart, end);
            text.append("\n\n");
        }
        blockStart = text.length();
    }

    /** Ends a walk through a page that has more text than wanted. */
    static final class TooMuchText extends RuntimeException {
        TooMuchText() {
            super("more text than wanted", null, false, false);
        }
    }
}

package io.tailrace.knowledge.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.commonmark.node.Document;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * Markdown's text is its source: people and models read it as it is, and code stays what it was. Only the blocks are
 * parsed, not what is inside of lines. A heading counts if it stands in no list and no quotation. Each line belongs to
 * one block at most (CommonMark's leaf blocks).
 */
final class MarkdownText {
    /** Deeper lists and quotations are read as text. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_FRONT_MATTER_LINES = 100;

    private static final Parser PARSER = Parser.builder()
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(MAX_DEPTH)
            .inlineParserFactory(_ -> (_, _) -> {})
            .build();

    private MarkdownText() {}

    static DocumentText of(String text) {
        List<Block> blocks = new ArrayList<>();
        int begin = frontMatterEnd(text);
        PlainText.paragraphs(text, 0, begin, blocks);
        int end = begin;
        for (Node leaf : leaves(PARSER.parse(text.substring(begin)))) {
            List<SourceSpan> spans = leaf.getSourceSpans();
            if (spans.isEmpty()) {
                continue;
            }
            SourceSpan last = spans.getLast();
            int from = lineStart(text, begin + spans.getFirst().getInputIndex());
            int to = lineEnd(text, begin + last.getInputIndex() + last.getLength());
            if (from < end || CleanText.isBlank(text, from, to)) {
                continue;
            }
            // What is no leaf, such as the definition of a link.
            PlainText.paragraphs(text, end, from, blocks);
            blocks.add(block(text, leaf, from, to));
            end = to;
        }
        PlainText.paragraphs(text, end, text.length(), blocks);
        return new DocumentText(text, blocks);
    }

    /** In order, without recursion: the depth is the author's. */
    private static List<Node> leaves(Node document) {
        List<Node> leaves = new ArrayList<>();
        Deque<Node> open = new ArrayDeque<>();
        open.push(document);
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (node instanceof Heading
                    || node instanceof Paragraph
                    || node instanceof FencedCodeBlock
                    || node instanceof IndentedCodeBlock
                    || node instanceof HtmlBlock
                    || node instanceof ThematicBreak) {
                leaves.add(node);
                continue;
            }
            for (Node child = node.getLastChild(); child != null; child = child.getPrevious()) {
                open.push(child);
            }
        }
        return leaves;
    }

    private static Block block(String text, Node leaf, int from, int to) {
        if (leaf instanceof FencedCodeBlock || leaf instanceof IndentedCodeBlock) {
            return new Block.Code(from, to);
        }
        if (leaf instanceof Heading heading && leaf.getParent() instanceof Document) {
            return new Block.Heading(from, to, heading.getLevel(), title(text.substring(from, to)));
        }
        return new Block.Prose(from, to);
    }

    /** The heading's words without its marks. */
    private static String title(String source) {
        String title = source.strip();
        int underline = title.lastIndexOf('\n');
        if (underline >= 0) {
            title = title.substring(0, underline).replace('\n', ' ');
        } else {
            title = title.replaceFirst("^#{1,6}", "").replaceFirst("\\s#+$", "");
        }
        return title.replace("`", "").replace("**", "").strip();
    }

    /** Behind the YAML between two lines {@code ---} at the beginning, which CommonMark takes for a heading; or 0. */
    private static int frontMatterEnd(String text) {
        if (!text.startsWith("---\n")) {
            return 0;
        }
        int line = 4;
        for (int i = 0; i < MAX_FRONT_MATTER_LINES && line < text.length(); i++) {
            int end = lineEnd(text, line);
            if (text.substring(line, end).stripTrailing().equals("---")) {
                return Math.min(end + 1, text.length());
            }
            line = end + 1;
        }
        return 0;
    }

    private static int lineStart(String text, int index) {
        return index == 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1;
    }

    private static int lineEnd(String text, int index) {
        int end = text.indexOf('\n', index);
        return end < 0 ? text.length() : end;
    }
}

package carillon.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Splits one simple shell command into its words, as a POSIX shell does: quotes, backslashes, and
/// variables that are known. What only a shell can do is refused in words. Output that goes to
/// `/dev/null` or with the other output is nothing to keep.
final class ShellWords {
    private static final String NOWHERE = "/dev/null";

    private final String text;
    private final Map<String, String> variables;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean quoted;
    private int at;

    private ShellWords(String text, Map<String, String> variables) {
        this.text = text;
        this.variables = variables;
    }

    /// Throws [NotImportedException] when it is not one simple command.
    static List<String> of(String text, Map<String, String> variables) {
        return new ShellWords(text, variables).split();
    }

    private List<String> split() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case ' ', '\t' -> {
                    endWord();
                    at++;
                }
                case '\n' -> throw new NotImportedException("has more than one command");
                case '\'' -> single();
                case '"' -> twofold();
                case '\\' -> escaped();
                case '$' -> variable();
                case '`' -> throw insideCommand();
                case '|', ';', '(', ')' -> throw new NotImportedException(operator(c));
                case '&' -> ampersand();
                case '>' -> redirect();
                case '<' -> throw new NotImportedException("reads a file ('<')");
                case '#' -> comment();
                default -> {
                    add(c);
                    at++;
                }
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private static String operator(char c) {
        return "is more than one simple command ('" + c + "')";
    }

    private static NotImportedException insideCommand() {
        return new NotImportedException("runs another command inside");
    }

    private void add(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
        quoted = false;
    }

    private void single() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw unclosed();
        }
        word.append(text, at + 1, end);
        inWord = true;
        quoted = true;
        at = end + 1;
    }

    private static NotImportedException unclosed() {
        return new NotImportedException("has a quote that is not closed");
    }

    private void twofold() {
        inWord = true;
        quoted = true;
        at++;
        while (true) {
            if (at >= text.length()) {
                throw unclosed();
            }
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            if (c == '\\' && at + 1 < text.length() && "\"\\$`".indexOf(text.charAt(at + 1)) >= 0) {
                add(text.charAt(at + 1));
                at += 2;
            } else if (c == '$') {
                variable();
            } else if (c == '`') {
                throw insideCommand();
            } else {
                add(c);
                at++;
            }
        }
    }

    private void escaped() {
        if (at + 1 < text.length()) {
            add(text.charAt(at + 1));
            quoted = true;
        }
        at += 2;
    }

    private void comment() {
        if (inWord) {
            add('#');
            at++;
        } else {
            at = text.length();
        }
    }

    private void variable() {
        if (text.startsWith("$(", at)) {
            throw insideCommand();
        }
        boolean braced = text.startsWith("${", at);
        int start = at + (braced ? 2 : 1);
        int end = start;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        var name = text.substring(start, end);
        if (name.isEmpty() && !braced) {
            add('$');
            at++;
            return;
        }
        if (braced && (end >= text.length() || text.charAt(end) != '}')) {
            throw new NotImportedException("computes with a shell variable");
        }
        var value =
                Optional.ofNullable(variables.get(name))
                        .orElseThrow(
                                () ->
                                        new NotImportedException(
                                                "uses the shell variable '"
                                                        + name
                                                        + "', which the file does not set"));
        word.append(value);
        inWord = true;
        at = braced ? end + 1 : end;
    }

    private static boolean isNamePart(char c) {
        return c == '_'
                || (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z');
    }

    private void ampersand() {
        if (!text.startsWith("&>", at)) {
            throw new NotImportedException(
                    operator('&') + "; an address with & in it must be in quotes");
        }
        endWord();
        at++;
        redirect();
    }

    /// `>`, `1>`, `2>`, `&>`, each also doubled.
    private void redirect() {
        if (!quoted && (word.toString().equals("1") || word.toString().equals("2"))) {
            word.setLength(0);
            inWord = false;
        }
        endWord();
        at++;
        if (text.startsWith(">", at)) {
            at++;
        }
        if (text.startsWith("&1", at) || text.startsWith("&2", at)) {
            at += 2;
            return;
        }
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        if (!text.startsWith(NOWHERE, at)) {
            throw new NotImportedException(
                    "writes to a file; Carillon keeps the answer with the run");
        }
        at += NOWHERE.length();
    }
}

package carillon.importer;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// A crontab's command up to its first `%`, and what it reads: the rest, each further `%` a line
/// end. `\%` is a percent sign.
record Percents(String command, Optional<String> input) {
    Percents {
        requireNonNull(command, "command");
        requireNonNull(input, "input");
    }

    static Percents of(String text) {
        var command = new StringBuilder();
        var input = new StringBuilder();
        boolean reading = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            var part = reading ? input : command;
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '%') {
                part.append('%');
                i++;
            } else if (c != '%') {
                part.append(c);
            } else if (reading) {
                input.append('\n');
            } else {
                reading = true;
            }
        }
        if (!reading) {
            return new Percents(command.toString(), Optional.empty());
        }
        return new Percents(command.toString(), Optional.of(input.append('\n').toString()));
    }
}

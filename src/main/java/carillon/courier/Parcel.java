package carillon.courier;

import carillon.outbox.Delivery;
import carillon.processor.Facts;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorTemplate;
import carillon.processor.ProcessorType;
import carillon.task.ProcessorUse;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// All that a sender needs to know of one delivery.
record Parcel(
        Delivery delivery,
        ProcessorType type,
        ProcessorUse use,
        Facts facts,
        ProcessorSettings settings) {

    /// The same on every try, for receivers that must not take a thing twice.
    String id() {
        return "dlv_" + delivery.id();
    }

    /// A value of the task's `config` that was required when the task was saved.
    String config(String name) {
        return optionalConfig(name)
                .orElseThrow(() -> new IllegalStateException(type + " without " + name));
    }

    Optional<String> optionalConfig(String name) {
        return Optional.ofNullable(use.config().get(name));
    }

    /// The template that the task gives, else that of all tasks, if either is there.
    Optional<String> ownTemplate() {
        return use.template().or(settings::template);
    }

    /// The text to be sent, in which each fact stands as `escape` writes it.
    String text(UnaryOperator<String> escape) {
        return render(ownTemplate().orElse(type.template()), escape);
    }

    String text() {
        return text(UnaryOperator.identity());
    }

    String render(String template, UnaryOperator<String> escape) {
        return ProcessorTemplate.of(template).render(facts, escape);
    }

    /// Makes one line of what `template` says: for subjects and titles.
    String line(String template, int maxLength) {
        var line = render(template, UnaryOperator.identity()).replaceAll("\\p{Cntrl}+", " ");
        return cut(line.strip(), maxLength);
    }

    /// The beginning of a long text, with a mark in the place of the rest.
    static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int end = maxLength - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
                + "…";
    }
}

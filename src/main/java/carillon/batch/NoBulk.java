package carillon.batch;

import carillon.ai.Model;
import carillon.ai.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// No provider takes anything. What was handed in where there was one is not to be had here.
final class NoBulk implements Bulk {
    private static final String NOBODY = "nobody takes questions in bulk here";

    @Override
    public boolean takes(Model model) {
        return false;
    }

    @Override
    public Model priced(Model model) {
        return model;
    }

    @Override
    public boolean reserve(Model model, Row row, String name) {
        return false;
    }

    @Override
    public String line(Model model, Row row, String name) {
        throw new IllegalStateException(NOBODY);
    }

    @Override
    public Handed handIn(Model model, Path lines, String mark) {
        return new Handed.Refused(NOBODY);
    }

    @Override
    public Handed find(Model model, String mark) {
        return new Handed.Refused(NOBODY);
    }

    @Override
    public Look look(Model model, String id) {
        return new Look(Look.State.FAILED, List.of(), NOBODY);
    }

    @Override
    public void recall(Model model, String id) {}

    @Override
    public boolean fetch(Model model, String result, Path into) {
        return false;
    }

    @Override
    public Optional<Said> read(Model model, String line) {
        return Optional.empty();
    }

    @Override
    public void told(Model model, String name, Reply reply) {}

    @Override
    public Habits habits() {
        return Habits.USUAL;
    }

    @Override
    public void close() {}
}

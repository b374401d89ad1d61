package carillon.engine;

/// What wakes the loops of a node.
record Signals(Signal plan, Signal claim, Signal dispatch, Signal gate, Signal complete) {
    static Signals create() {
        return new Signals(new Signal(), new Signal(), new Signal(), new Signal(), new Signal());
    }
}

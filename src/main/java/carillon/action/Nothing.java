package carillon.action;

/// Succeeds at once. For measuring the engine and for trying out schedules.
public record Nothing() implements Action {}

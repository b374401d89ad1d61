package carillon.action;

/// What an attempt does.
public sealed interface Action permits HttpCall, Nothing, PromptCall {}

package carillon.processor;

/// Writes settings as the text that a store keeps, and reads them back exactly, secrets included.
public interface SettingsCodec {
    String write(ProcessorType type, ProcessorSettings settings);

    ProcessorSettings read(ProcessorType type, String text);
}

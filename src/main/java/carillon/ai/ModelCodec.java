package carillon.ai;

/// Writes models as the text that a store keeps, and reads them back exactly, keys included.
public interface ModelCodec {
    String write(Model model);

    /// Reads what [#write] wrote for the model of this name.
    Model read(String name, String text);
}

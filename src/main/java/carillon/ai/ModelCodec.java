package carillon.ai;

/// Writes models as the text that a store keeps, and reads them back exactly, keys included.
public interface ModelCodec {
    String write(Model model);

    Model read(String text);
}

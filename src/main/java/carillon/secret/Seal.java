package carillon.secret;

/// Makes texts unreadable in a store, and readable again.
public interface Seal {
    /// Leaves texts as they are, and can open none that another has sealed.
    Seal NONE =
            new Seal() {
                @Override
                public String seal(String text, String row) {
                    return text;
                }

                @Override
                public String open(String text, String row) {
                    if (Vault.isSealed(text)) {
                        throw new SecretException(row + " is encrypted, and there is no key");
                    }
                    return text;
                }
            };

    /// `row` says where the text will stand; it can be opened nowhere else.
    String seal(String text, String row);

    /// The text that was sealed for this row, or that was never sealed. Throws [SecretException]
    /// when it cannot be opened.
    String open(String text, String row);
}

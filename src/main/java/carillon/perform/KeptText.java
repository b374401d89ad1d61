package carillon.perform;

/// Text as the stores can keep it: bounded in bytes, without U+0000.
record KeptText(String text, boolean cut) {
    /// Keeps the longest beginning of whole characters that has at most `maxBytes` bytes in UTF-8.
    static KeptText of(String text, int maxBytes) {
        var clean = text.replace('\0', '\ufffd');
        int bytes = 0;
        int at = 0;
        while (at < clean.length()) {
            int character = clean.codePointAt(at);
            bytes += utf8Length(character);
            if (bytes > maxBytes) {
                return new KeptText(clean.substring(0, at), true);
            }
            at += Character.charCount(character);
        }
        return new KeptText(clean, false);
    }

    private static int utf8Length(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}

-- Who changed what. Ids follow each other without a gap; hash covers the entry and the hash of the
-- one before it. Texts are never NULL.
CREATE TABLE IF NOT EXISTS audit (
    id ${long} PRIMARY KEY,
    at ${long} NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    api text NOT NULL,
    request text NOT NULL,
    action text NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    name text NOT NULL,
    detail text NOT NULL,
    hash text NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_of_target ON audit (kind, target, id);

-- The two ends of the chain: the last entry that was pruned, and the newest one. Its row is locked
-- by whoever adds an entry.
CREATE TABLE IF NOT EXISTS audit_ends (
    one integer PRIMARY KEY CHECK (one = 1),
    anchor ${long} NOT NULL,
    anchor_hash text NOT NULL,
    head ${long} NOT NULL,
    head_hash text NOT NULL
);

INSERT INTO audit_ends (one, anchor, anchor_hash, head, head_hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000',
        0, '0000000000000000000000000000000000000000000000000000000000000000')
ON CONFLICT (one) DO NOTHING;

-- One row, or none: while it is there, no node starts anything. A restored backup has it.
CREATE TABLE IF NOT EXISTS hold (
    one integer PRIMARY KEY CHECK (one = 1),
    since ${long} NOT NULL,
    reason text NOT NULL
);

-- Pages of events are numbered in the order in which they take the shared lock on "event pages",
-- which a reader waits out: see Dialect. (SQLite has one writer and numbers them by itself.)
CREATE SEQUENCE IF NOT EXISTS event_page MINVALUE 1;

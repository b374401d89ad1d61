-- What agents said and did in a run, step by step: their execution log. body is JSON.
CREATE TABLE IF NOT EXISTS transcript (
    run_id ${long} NOT NULL,
    entry integer NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (run_id, entry)
);

-- How far the batches of runs are. mark is GOES_ON, PAUSED or WHOLE. total is how many rows there are,
-- 0 while that is not known; resumed rows had been done when the work began that goes on since began_at.
CREATE TABLE IF NOT EXISTS batch_standing (
    run_id ${long} PRIMARY KEY,
    mark text NOT NULL,
    total ${long} NOT NULL,
    succeeded ${long} NOT NULL,
    failed ${long} NOT NULL,
    input_tokens ${long} NOT NULL,
    output_tokens ${long} NOT NULL,
    cost_nanodollars ${long} NOT NULL,
    resumed ${long} NOT NULL,
    began_at ${long} NOT NULL,
    written_at ${long} NOT NULL
);

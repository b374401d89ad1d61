-- How many runs came to each end: by the minute (since 1970) in which it was written, and in all
-- (minute -1). There are a few rows for each, so that transactions seldom wait for one another;
-- their sum is the number.
CREATE TABLE IF NOT EXISTS run_tally (
    minute ${long} NOT NULL,
    state text NOT NULL,
    lane integer NOT NULL,
    runs ${long} NOT NULL,
    PRIMARY KEY (minute, state, lane)
) ${clustered};

-- What models said, one row for each attempt that got an answer. state is WHOLE, CUT or REJECTED;
-- tokens are NULL where the provider did not count them, the cost where the model has no prices.
-- Texts have up to 1 MiB, but the words of one row must stay below that with all that is stored of
-- them: so they are those of the first characters.
CREATE TABLE IF NOT EXISTS response (
    id bigint PRIMARY KEY,
    run_id bigint NOT NULL,
    attempt integer NOT NULL,
    task_id bigint NOT NULL,
    created_at bigint NOT NULL,
    state text NOT NULL,
    model text NOT NULL,
    provider_model text NOT NULL,
    prompt_id bigint,
    prompt_version integer,
    input_tokens bigint,
    output_tokens bigint,
    cost_nanodollars bigint,
    latency_ms bigint NOT NULL,
    text text NOT NULL,
    words tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', translate(left(text, 65536),
            '!"#%&''()*+,-./:;<=>?@[\]^_`{|}~$“”„‘’«»–—…•·¿¡、。，！？：；（）「」', repeat(' ', 80)))
    ) STORED
);

-- Texts and words stand outside, so that a search reads many rows from few pages.
ALTER TABLE response SET (toast_tuple_target = 128);

CREATE INDEX IF NOT EXISTS response_of_run ON response (run_id);

CREATE INDEX IF NOT EXISTS response_of_task ON response (task_id, id);

CREATE INDEX IF NOT EXISTS response_of_model ON response (model, id);

CREATE INDEX IF NOT EXISTS response_words ON response USING gin (words);

-- How much each model was used, by the day in UTC (days since 1970). A row for each node, so that
-- no node waits for another.
CREATE TABLE IF NOT EXISTS model_usage (
    model text NOT NULL,
    day bigint NOT NULL,
    node text NOT NULL,
    requests bigint NOT NULL,
    failures bigint NOT NULL,
    input_tokens bigint,
    output_tokens bigint,
    cost_nanodollars bigint,
    PRIMARY KEY (model, day, node)
);

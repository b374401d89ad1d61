-- search_text is name, description and text in lower case; tag_text holds the tags in lower case,
-- each between two line feeds.
CREATE TABLE IF NOT EXISTS prompt (
    id ${long} PRIMARY KEY,
    version integer NOT NULL,
    category text NOT NULL,
    tag_text text NOT NULL,
    search_text text NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

-- A table of its own, so that a name can be tried for without an error when it is taken.
CREATE TABLE IF NOT EXISTS prompt_name (
    name text PRIMARY KEY,
    prompt_id ${long} NOT NULL
);

CREATE INDEX IF NOT EXISTS prompt_name_of ON prompt_name (prompt_id);

CREATE TABLE IF NOT EXISTS prompt_version (
    prompt_id ${long} NOT NULL,
    version integer NOT NULL,
    definition text NOT NULL,
    created_at ${long} NOT NULL,
    created_by text NOT NULL,
    rolled_back_from integer,
    PRIMARY KEY (prompt_id, version)
);

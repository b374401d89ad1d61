-- Agents. active is 0 or 1, and said again in definition, which is JSON without secrets.
CREATE TABLE IF NOT EXISTS agent (
    id ${long} PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    active integer NOT NULL,
    definition text NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS agent_name ON agent (name);

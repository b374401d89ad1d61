-- Budgets that stand beside those in tasks. name is empty for the installation's. Money is in
-- nanodollars, thousand-millionths of a dollar.
CREATE TABLE IF NOT EXISTS budget (
    id ${long} PRIMARY KEY,
    version integer NOT NULL,
    scope text NOT NULL,
    name text NOT NULL,
    period text NOT NULL,
    limit_nanodollars ${long} NOT NULL,
    zone text NOT NULL,
    on_exhausted text NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS budget_of ON budget (scope, name, period);

-- A budget in one of its periods; budget is the id of a stored budget or of a task. label and
-- limit_nanodollars are as they were when money was last put aside; alerted is the highest
-- threshold, in percent, that an event has told of.
CREATE TABLE IF NOT EXISTS purse (
    budget ${long} NOT NULL,
    period_start ${long} NOT NULL,
    period_end ${long} NOT NULL,
    label text NOT NULL,
    limit_nanodollars ${long} NOT NULL,
    spent ${long} NOT NULL,
    reserved ${long} NOT NULL,
    alerted integer NOT NULL,
    PRIMARY KEY (budget, period_start)
);

CREATE INDEX IF NOT EXISTS purse_by_end ON purse (period_end);

-- Money put aside for calls under way: one row for each purse that pays for one. Calls outside of
-- any run have 0 as their run and epoch.
CREATE TABLE IF NOT EXISTS reservation (
    id ${long} NOT NULL,
    budget ${long} NOT NULL,
    period_start ${long} NOT NULL,
    amount ${long} NOT NULL,
    run_id ${long} NOT NULL,
    attempt integer NOT NULL,
    node text NOT NULL,
    epoch ${long} NOT NULL,
    model text NOT NULL,
    reserved_at ${long} NOT NULL,
    PRIMARY KEY (id, budget)
);

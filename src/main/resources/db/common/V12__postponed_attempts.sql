-- How many attempt numbers were handed out and not used: the run was postponed or given back before
-- its attempt had done anything. max_attempts grows with it.
ALTER TABLE run ADD COLUMN unused integer NOT NULL DEFAULT 0;

-- A run's present, for lists; its history is in run_event. `seq` is the number of its last event, and the version
-- that a writer must know. Times are milliseconds since 1970, statuses are words.
CREATE TABLE run (
    id         TEXT PRIMARY KEY,
    pipeline   TEXT NOT NULL,
    number     BIGINT NOT NULL,
    status     TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (pipeline, number)
);

CREATE INDEX run_newest ON run (created_at, id);

-- Few at any time, whatever the number of runs: what a starting engine asks for.
CREATE INDEX run_unfinished ON run (created_at, id) WHERE status IN ('queued', 'running', 'waiting');

-- Facts, never changed. `body` is versioned JSON; `at` and `kind` repeat two of its fields for people with a SQL shell.
CREATE TABLE run_event (
    run  TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seq  BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, seq)
);

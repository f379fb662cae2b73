-- The address of a pipeline's own hook, and what its deliveries are signed with.
CREATE TABLE hook (
    pipeline   TEXT PRIMARY KEY REFERENCES pipeline (id),
    token      TEXT NOT NULL UNIQUE,
    sealed     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The clock's triggers of a pipeline's present text. `next_at` 0: to be computed; 2^63-1: never.
CREATE TABLE schedule (
    pipeline TEXT NOT NULL REFERENCES pipeline (id),
    place    BIGINT NOT NULL,
    cron     TEXT NOT NULL,
    timezone TEXT NOT NULL,
    next_at  BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    last_run TEXT NOT NULL,
    PRIMARY KEY (pipeline, place)
);

CREATE INDEX schedule_next ON schedule (next_at);

-- What knocked, what came of it, and why not. `pipeline` is empty where none was meant. `dedupe` is unique where the
-- sender numbers its deliveries, so that one is taken once; empty: every time anew.
CREATE TABLE delivery (
    id          TEXT PRIMARY KEY,
    source      TEXT NOT NULL,
    event       TEXT NOT NULL,
    dedupe      TEXT NOT NULL,
    pipeline    TEXT NOT NULL,
    status      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    run         TEXT NOT NULL,
    branch      TEXT NOT NULL,
    commit_id   TEXT NOT NULL,
    sender      TEXT NOT NULL,
    received_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX delivery_once ON delivery (source, dedupe, pipeline) WHERE dedupe <> '';
CREATE INDEX delivery_newest ON delivery (received_at, id);
CREATE INDEX delivery_of_pipeline ON delivery (pipeline, received_at, id);

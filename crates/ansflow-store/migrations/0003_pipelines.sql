-- A pipeline's present; every text that it ever had is in pipeline_version. A pipeline that was deleted stays, without
-- its name, because runs refer to it. `builds` counts its runs, `max_runs` bounds those that have their turn (0: none).
-- `search` is name and description in lower case: what lower case is in every script, only one of the databases knows.
CREATE TABLE pipeline (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    search      TEXT NOT NULL DEFAULT '',
    version     BIGINT NOT NULL,
    builds      BIGINT NOT NULL,
    enabled     BIGINT NOT NULL,
    max_runs    BIGINT NOT NULL,
    revision    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL,
    deleted_at  BIGINT NOT NULL
);

CREATE UNIQUE INDEX pipeline_name ON pipeline (name) WHERE deleted_at = 0;

CREATE TABLE pipeline_version (
    pipeline   TEXT NOT NULL REFERENCES pipeline (id),
    version    BIGINT NOT NULL,
    body       TEXT NOT NULL,
    note       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (pipeline, version)
);

-- What a server knows of a run besides: `run.pipeline` is the pipeline's id there, `name` what it was called. Empty and
-- 0: not known, not yet. `created_at` repeats that of `run`, so that lists by branch need no sorting. `request_key` is
-- the caller's, so that a request that was sent twice starts one run.
CREATE TABLE run_detail (
    run         TEXT PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    cause       TEXT NOT NULL,
    started_by  TEXT NOT NULL,
    branch      TEXT NOT NULL,
    commit_id   TEXT NOT NULL,
    retry_of    TEXT NOT NULL,
    request_key TEXT NOT NULL,
    created_at  BIGINT NOT NULL DEFAULT 0,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL
);

CREATE UNIQUE INDEX run_request ON run_detail (request_key) WHERE request_key <> '';
CREATE INDEX run_by_branch ON run_detail (branch, created_at, run) WHERE branch <> '';
CREATE INDEX run_by_commit ON run_detail (commit_id) WHERE commit_id <> '';
CREATE INDEX run_by_person ON run_detail (started_by, created_at, run);
CREATE INDEX run_by_cause ON run_detail (cause, created_at, run);
CREATE INDEX run_of_pipeline ON run (pipeline, created_at, id);
CREATE INDEX run_of_pipeline_by_status ON run (pipeline, status, created_at, id);
CREATE INDEX run_by_status ON run (status, created_at, id);
CREATE INDEX run_by_number ON run (number, created_at, id);

-- The last word on each step of a server's runs, for statistics; the truth is in run_event.
CREATE TABLE step_result (
    run         TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    step        BIGINT NOT NULL,
    pipeline    TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    attempts    BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (run, step)
);

-- All that is counted is in it, so that counting reads no rows.
CREATE INDEX step_result_of_pipeline ON step_result (pipeline, ended_at, name, kind, status, attempts, step);

-- Ended runs by when they ended, which is when their last event was: tallies read nothing but these.
CREATE INDEX run_ended ON run (status, updated_at)
    WHERE status IN ('success', 'failed', 'cancelled', 'timed_out');
CREATE INDEX run_ended_of_pipeline ON run (pipeline, status, updated_at)
    WHERE status IN ('success', 'failed', 'cancelled', 'timed_out');
CREATE INDEX run_unfinished_of_pipeline ON run (pipeline)
    WHERE status IN ('queued', 'running', 'waiting');

-- Who is told of what. `events`, `pipelines` and `recipients` are JSON lists, an empty list of pipelines means all of
-- them; `target` is the part of the address that may be shown, `sealed` all of it, with what it is signed with if `signed`.
CREATE TABLE notification (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    enabled    BIGINT NOT NULL,
    events     TEXT NOT NULL,
    pipelines  TEXT NOT NULL,
    target     TEXT NOT NULL,
    recipients TEXT NOT NULL,
    signed     BIGINT NOT NULL,
    sealed     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

-- What happened that somebody may want to be told: written with the event itself, taken by the engine.
CREATE TABLE notice (
    run   TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seq   BIGINT NOT NULL,
    event TEXT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (run, seq)
);

-- A message on its way. `status`: pending, sent, failed. `body` is what it says, as JSON. `run` is empty for a test, 0 in
-- `next_at` and `sent_at` means never.
CREATE TABLE message (
    id           TEXT PRIMARY KEY,
    notification TEXT NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
    event        TEXT NOT NULL,
    run          TEXT NOT NULL,
    body         TEXT NOT NULL,
    status       TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    error        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL
);

CREATE INDEX message_next ON message (next_at) WHERE status = 'pending';
CREATE INDEX message_of_notification ON message (notification, created_at, id);

-- Files that steps leave behind. The bytes are a file named after its SHA-256; several rows may share it.
CREATE TABLE artifact (
    run     TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    step    BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    path    TEXT NOT NULL,
    size    BIGINT NOT NULL,
    sha256  TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (run, step, attempt, path)
);

CREATE INDEX artifact_content ON artifact (sha256);

-- `secrets.NAME`. `sealed` is what only the key file opens, bound to table, row and version.
CREATE TABLE secret (
    name        TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL
);

-- How Git steps sign in to a host, where they do not say it themselves. `kind`: password, ssh_key.
CREATE TABLE git_credential (
    id         TEXT PRIMARY KEY,
    host       TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    username   TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

-- What an administrator sets: one row a concern, `body` is JSON, `sealed` its secret part or empty.
CREATE TABLE setting (
    name       TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

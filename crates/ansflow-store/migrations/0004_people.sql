-- Who may sign in. `password` is an Argon2id hash in PHC form. Roles plug in here later; today everybody is an admin.
CREATE TABLE person (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    password    TEXT NOT NULL,
    role        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT NOT NULL
);

-- A browser that signed in. `id` is the SHA-256 of what the cookie holds.
CREATE TABLE session (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX session_of_person ON session (person);

-- A program that may act for somebody. `hash` is the SHA-256 of the token, `hint` its first characters. 0: never.
CREATE TABLE api_token (
    id         TEXT PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    hint       TEXT NOT NULL,
    read_only  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX api_token_of_person ON api_token (person);

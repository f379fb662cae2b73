-- Image registries that steps may name. `kind`: dockerhub, private, harbor, ecr, gcr, acr. `username` is empty where nobody
-- signs in, `sealed` where there is no password; `checked_at` is 0 where nobody has looked since it was last changed.
CREATE TABLE registry (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,
    address        TEXT NOT NULL,
    insecure       BIGINT NOT NULL,
    username       TEXT NOT NULL,
    sealed         TEXT NOT NULL,
    sealed_version BIGINT NOT NULL,
    is_default     BIGINT NOT NULL,
    revision       BIGINT NOT NULL,
    checked_at     BIGINT NOT NULL,
    check_ok       BIGINT NOT NULL,
    check_message  TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    updated_by     TEXT NOT NULL
);

-- At most one is the default.
CREATE UNIQUE INDEX registry_default ON registry (is_default) WHERE is_default = 1;

-- Who did what to clusters and what is in them. Each row's `hash` is made of the row and of the hash before it, so that none can
-- be changed, taken out or put in between without a break. `via`: session, or the token's id. `detail` is JSON.
CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    via      TEXT NOT NULL,
    action   TEXT NOT NULL,
    object   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);

-- Its one row is the end of the chain. Who adds to the chain locks it first: writers of PostgreSQL take turns.
CREATE TABLE audit_end (
    id   BIGINT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_end (id, seq, hash) VALUES (1, 0, '');

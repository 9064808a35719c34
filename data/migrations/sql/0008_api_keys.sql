-- Keys of other systems that may look up addresses. The secret itself is never here, only what it
-- hashes to; it is random and long, so a plain hash cannot be tried out.
CREATE TABLE api_key (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL CHECK (name <> ''),
    secret_hash  bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    -- a day in the county: looking up must not write each time
    last_used_on date,
    CHECK (revoked_at >= created_at)
);
-- a name is free again once its key is revoked
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;

-- The first schema: every concept of the design, with its rules in the database too.
-- Geometry: EPSG:4490 on the 1e-9 degree lattice (geo.crs.to_lattice). Validity: [valid_from, valid_to).

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- One row a key: 'epoch' (random, tells two databases apart in ETags), 'title', 'synthetic', 'review_number' …
CREATE TABLE workspace (
    key   text PRIMARY KEY,
    value jsonb NOT NULL
);
INSERT INTO workspace VALUES ('epoch', to_jsonb(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)));

-- Bumped by a trigger with every write, in the same transaction: what a tile or an ETag is made of.
CREATE TABLE layer_version (
    layer   text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0
);
INSERT INTO layer_version (layer) VALUES
    ('divisions'), ('natural_villages'), ('grids'), ('households'), ('centers'), ('networks'), ('profiles');

CREATE FUNCTION bump_layer_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE layer_version SET version = version + 1 WHERE layer = TG_ARGV[0];
    RETURN NULL;
END $$;

CREATE TABLE profile (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CHECK (name <> ''),
    version    integer NOT NULL DEFAULT 1 CHECK (version > 0),
    title_zh   text NOT NULL,
    title_en   text NOT NULL,
    source     text NOT NULL,
    rules      jsonb NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    UNIQUE (name, version)
);
CREATE UNIQUE INDEX profile_one_default ON profile (is_default) WHERE is_default;

CREATE TABLE network (
    code     text PRIMARY KEY CHECK (code <> ''),
    name_zh  text NOT NULL,
    name_en  text NOT NULL,
    planned  boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX network_one_planned ON network (planned) WHERE planned;
INSERT INTO network VALUES ('all_purpose', '全科网格', 'all-purpose network', true);

CREATE TABLE division (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code              text NOT NULL CHECK (code <> ''),
    level             text NOT NULL CHECK (level IN ('city', 'county', 'township', 'village')),
    name              text NOT NULL,
    parent_code       text,
    urban_rural_class text,
    area_type         text CHECK (area_type IN ('urban', 'rural_plain', 'mountain')),
    residents         integer CHECK (residents >= 0),
    successor_codes   text[] NOT NULL DEFAULT '{}',
    flags             text[] NOT NULL DEFAULT '{}',
    valid_from        timestamptz NOT NULL,
    valid_to          timestamptz,
    geom              geometry(Geometry, 4490),
    CHECK (valid_from < valid_to),
    CHECK (geom IS NULL OR (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AND ST_IsValid(geom))),
    CONSTRAINT division_code_once EXCLUDE USING gist (code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX division_geom ON division USING gist (geom);
CREATE INDEX division_current ON division (code text_pattern_ops) WHERE valid_to IS NULL;
CREATE INDEX division_parent ON division (parent_code) WHERE valid_to IS NULL;

CREATE TABLE natural_village (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code         text NOT NULL CHECK (code <> ''),
    name         text NOT NULL DEFAULT '',
    village_code text,
    households   integer CHECK (households >= 0),
    residents    integer CHECK (residents >= 0),
    registered   integer CHECK (registered >= 0),
    flags        text[] NOT NULL DEFAULT '{}',
    attributes   jsonb NOT NULL DEFAULT '{}',
    valid_from   timestamptz NOT NULL,
    valid_to     timestamptz,
    geom         geometry(Geometry, 4490) NOT NULL,
    CHECK (valid_from < valid_to),
    CHECK (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AND ST_IsValid(geom)),
    CONSTRAINT natural_village_code_once EXCLUDE USING gist (code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX natural_village_geom ON natural_village USING gist (geom);
CREATE INDEX natural_village_village ON natural_village (village_code text_pattern_ops) WHERE valid_to IS NULL;
CREATE INDEX natural_village_current ON natural_village (code text_pattern_ops) WHERE valid_to IS NULL;

CREATE TABLE grid (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network      text NOT NULL DEFAULT 'all_purpose' REFERENCES network,
    code         text NOT NULL CHECK (code <> ''),
    name         text NOT NULL DEFAULT '',
    village_code text,
    kind         text NOT NULL DEFAULT 'basic' CHECK (kind IN ('basic', 'dedicated')),
    parent_code  text,
    flags        text[] NOT NULL DEFAULT '{}',
    attributes   jsonb NOT NULL DEFAULT '{}',
    valid_from   timestamptz NOT NULL,
    valid_to     timestamptz,
    geom         geometry(Geometry, 4490) NOT NULL,
    CHECK (valid_from < valid_to),
    CHECK (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AND ST_IsValid(geom)),
    CONSTRAINT grid_code_once EXCLUDE USING gist (network WITH =, code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX grid_geom ON grid USING gist (geom);
CREATE INDEX grid_current ON grid (network, code text_pattern_ops) WHERE valid_to IS NULL;
CREATE INDEX grid_village ON grid (village_code text_pattern_ops) WHERE valid_to IS NULL;

-- Numbers per grid, computed by geo.indicators; rebuilt for the grids whose content changed.
CREATE TABLE grid_indicator (
    grid_id          bigint PRIMARY KEY REFERENCES grid ON DELETE CASCADE,
    households       integer NOT NULL CHECK (households >= 0),
    residents        integer NOT NULL CHECK (residents >= 0),
    registered       integer NOT NULL CHECK (registered >= 0),
    children         integer NOT NULL CHECK (children >= 0),
    elderly          integer NOT NULL CHECK (elderly >= 0),
    area_m2          double precision NOT NULL CHECK (area_m2 >= 0),
    compactness      double precision,
    center_median_m  double precision CHECK (center_median_m >= 0),
    center_max_m     double precision CHECK (center_max_m >= 0),
    profile_status   text CHECK (profile_status IN ('within', 'below', 'above', 'empty'))
);

-- Counts only: never names, identity numbers or phones.
CREATE TABLE household (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code                 text NOT NULL CHECK (code <> '') UNIQUE,
    address              text NOT NULL DEFAULT '',
    address_key          text NOT NULL DEFAULT '',
    village_code         text,
    natural_village_code text,
    residents            integer NOT NULL DEFAULT 0 CHECK (residents >= 0),
    registered           integer CHECK (registered >= 0),
    children             integer CHECK (children >= 0),
    elderly              integer CHECK (elderly >= 0),
    aged_80              integer CHECK (aged_80 >= 0),
    needs                jsonb NOT NULL DEFAULT '{}',
    flags                text[] NOT NULL DEFAULT '{}',
    geom                 geometry(Point, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom))
);
CREATE INDEX household_geom ON household USING gist (geom);
CREATE INDEX household_address ON household (address_key text_pattern_ops);
CREATE INDEX household_village ON household (village_code text_pattern_ops);

CREATE TABLE center (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code          text NOT NULL CHECK (code <> ''),
    name          text NOT NULL DEFAULT '',
    level         text NOT NULL CHECK (level IN ('county', 'township', 'village', 'station')),
    village_code  text,
    address       text NOT NULL DEFAULT '',
    services      text[] NOT NULL DEFAULT '{}',
    capacity      integer CHECK (capacity >= 0),
    floor_area_m2 double precision CHECK (floor_area_m2 >= 0),
    flags         text[] NOT NULL DEFAULT '{}',
    valid_from    timestamptz NOT NULL,
    valid_to      timestamptz,
    geom          geometry(Point, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom)),
    CHECK (valid_from < valid_to),
    CONSTRAINT center_code_once EXCLUDE USING gist (code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX center_geom ON center USING gist (geom);

-- What a user uploaded and has not committed yet; the rows wait in a file of the data folder.
CREATE TABLE import_batch (
    id           uuid PRIMARY KEY,
    layer        text NOT NULL,
    filename     text NOT NULL,
    state        text NOT NULL CHECK (state IN ('reported', 'committed', 'discarded')),
    parameters   jsonb NOT NULL,
    report       jsonb NOT NULL,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL,
    committed_at timestamptz
);

CREATE TABLE plan (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (name <> ''),
    scope_code    text NOT NULL CHECK (scope_code <> ''),
    network       text NOT NULL DEFAULT 'all_purpose' REFERENCES network,
    state         text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'published', 'withdrawn')),
    base_at       timestamptz NOT NULL,
    revision      bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    published_at  timestamptz
);

CREATE TABLE plan_edit (
    plan_id  uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    position integer NOT NULL CHECK (position > 0),
    edit     jsonb NOT NULL,
    undone   boolean NOT NULL DEFAULT false,
    author   text NOT NULL,
    made_at  timestamptz NOT NULL,
    PRIMARY KEY (plan_id, position)
);

CREATE TABLE run (
    id             uuid PRIMARY KEY,
    analysis       text NOT NULL,
    parameters     jsonb NOT NULL,
    plan_id        uuid REFERENCES plan,
    input_versions jsonb NOT NULL,
    state          text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    progress       double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    result         jsonb,
    error          jsonb,
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz
);
CREATE INDEX run_lookup ON run (analysis, created_at DESC);

CREATE TABLE run_layer (
    run_id  uuid NOT NULL REFERENCES run ON DELETE CASCADE,
    name    text NOT NULL,
    geojson text NOT NULL,
    PRIMARY KEY (run_id, name)
);

CREATE TABLE account (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (name <> ''),
    role          text NOT NULL CHECK (role IN ('planner', 'clerk', 'administrator', 'reader')),
    scopes        text[] NOT NULL,
    password_hash text,
    active        boolean NOT NULL DEFAULT true
);

CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    account text NOT NULL,
    action  text NOT NULL,
    object  text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_at ON audit (at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON division
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('divisions');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON natural_village
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('natural_villages');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON grid
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('grids');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON grid_indicator
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('grids');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON household
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('households');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON center
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('centers');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON network
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('networks');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON profile
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('profiles');

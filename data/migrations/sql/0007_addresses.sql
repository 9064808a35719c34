-- Lists of villages name the whole chain: province, city, county, township, village.
ALTER TABLE division DROP CONSTRAINT division_level_check;
ALTER TABLE division ADD CONSTRAINT division_level_check
    CHECK (level IN ('province', 'city', 'county', 'township', 'village'));

-- What geo.address reads from an address, once, at import. '' is none, and so is NULL of a number.
ALTER TABLE household
    DROP COLUMN address_key,
    -- natural village, street or estate, by the name the register has
    ADD COLUMN locality      text NOT NULL DEFAULT '',
    ADD COLUMN group_no      integer,
    ADD COLUMN number        integer,
    ADD COLUMN sub_number    integer,
    ADD COLUMN building      text NOT NULL DEFAULT '',
    ADD COLUMN unit          text NOT NULL DEFAULT '',
    ADD COLUMN room          text NOT NULL DEFAULT '',
    -- key of what could not be read, '' where everything could
    ADD COLUMN address_fault text NOT NULL DEFAULT '';
CREATE INDEX household_unread ON household (code) WHERE address_fault <> '';

-- Names of divisions and natural villages beside the one people say now.
CREATE TABLE place_alias (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL CHECK (code <> ''),
    name       text NOT NULL CHECK (name <> ''),
    kind       text NOT NULL CHECK (kind IN ('official', 'old', 'other')),
    -- days in the county; the name holds from the first up to, not on, the second
    valid_from date,
    valid_to   date,
    CHECK (valid_from < valid_to),
    UNIQUE NULLS NOT DISTINCT (code, name, kind, valid_from)
);
INSERT INTO layer_version (layer) VALUES ('aliases');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON place_alias
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('aliases');

-- Every such name: told, or left over from versions that have ended.
CREATE VIEW place_name AS
SELECT a.code, a.name, a.kind, a.valid_from, a.valid_to FROM place_alias a
 UNION
SELECT o.code, o.name, 'old', (o.valid_from AT TIME ZONE 'Asia/Shanghai')::date,
       (o.valid_to AT TIME ZONE 'Asia/Shanghai')::date
  FROM division o JOIN division n ON n.code = o.code AND n.valid_to IS NULL
 WHERE o.valid_to IS NOT NULL AND o.name NOT IN ('', n.name)
 UNION
SELECT s.code, o.name, 'old', (o.valid_from AT TIME ZONE 'Asia/Shanghai')::date,
       (o.valid_to AT TIME ZONE 'Asia/Shanghai')::date
  FROM division o CROSS JOIN unnest(o.successor_codes) AS s (code)
 WHERE o.valid_to IS NOT NULL AND o.name <> ''
 UNION
SELECT o.code, o.name, 'old', (o.valid_from AT TIME ZONE 'Asia/Shanghai')::date,
       (o.valid_to AT TIME ZONE 'Asia/Shanghai')::date
  FROM natural_village o JOIN natural_village n ON n.code = o.code AND n.valid_to IS NULL
 WHERE o.valid_to IS NOT NULL AND o.name NOT IN ('', n.name);

-- Answers a clerk says are wrong, for the planner. `query` holds no phone or identity number: they
-- are taken out before it comes here.
CREATE TABLE answer_report (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query        text NOT NULL CHECK (query <> ''),
    answer       jsonb NOT NULL,
    note         text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    settled_at   timestamptz,
    settled_note text NOT NULL DEFAULT '',
    CHECK (settled_at >= created_at)
);
CREATE INDEX answer_report_open ON answer_report (created_at) WHERE settled_at IS NULL;

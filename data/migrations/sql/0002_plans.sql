-- Plans: a draft is the lines in force, except in the villages it has touched. At the first touch all
-- grids of the village are copied (position 0) and pinned; from then on the plan shows its own.
-- A row of plan_grid counts while from_position <= plan.head < to_position, so undo and redo move the
-- head and touch no geometry.

ALTER TABLE plan
    ADD COLUMN head integer NOT NULL DEFAULT 0 CHECK (head >= 0),
    ADD COLUMN changed_at timestamptz,
    ADD COLUMN submitted_at timestamptz,
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN note text NOT NULL DEFAULT '',
    ADD COLUMN copied_from uuid REFERENCES plan ON DELETE SET NULL;
UPDATE plan SET changed_at = created_at;
ALTER TABLE plan ALTER COLUMN changed_at SET NOT NULL;
CREATE INDEX plan_scope ON plan (scope_code text_pattern_ops);

-- The log. Edits up to plan.head are applied, those behind it are undone and can be redone. Nothing is
-- ever deleted: an edit that a later one has overtaken, or that a rebase left out, is marked.
DROP TABLE plan_edit;
CREATE TABLE plan_edit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id   uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    position  integer NOT NULL CHECK (position > 0),
    edit      jsonb NOT NULL,
    outcome   jsonb NOT NULL DEFAULT '{}',
    -- the plan's once the edit was stored: what somebody with an older one has not seen
    revision  bigint NOT NULL CHECK (revision > 0),
    discarded text CHECK (discarded IN ('overtaken', 'conflict')),
    author    text NOT NULL,
    made_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX plan_edit_place ON plan_edit (plan_id, position) WHERE discarded IS NULL;
CREATE INDEX plan_edit_plan ON plan_edit (plan_id, id);
-- Statistics know the plans of yesterday: of a new one they say that it has no rows, and the planner
-- reads all of them to find a few. Without statistics every plan has its share.
ALTER TABLE plan_edit ALTER COLUMN plan_id SET STATISTICS 0;

-- The villages a plan has touched. The lines in force at that moment are their rows of plan_grid at
-- position 0: publishing asks whether these are still in force.
CREATE TABLE plan_village (
    plan_id      uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    village_code text NOT NULL,
    pinned_at    timestamptz NOT NULL,
    PRIMARY KEY (plan_id, village_code)
);

CREATE TABLE plan_lock (
    plan_id       uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    village_code  text NOT NULL,
    from_position integer NOT NULL CHECK (from_position > 0),
    to_position   integer CHECK (to_position > from_position),
    PRIMARY KEY (plan_id, village_code, from_position)
);

CREATE TABLE plan_grid (
    -- one sequence with grid: a map of a draft shows rows of both, and a published row keeps its id
    id            bigint PRIMARY KEY DEFAULT nextval('grid_id_seq'),
    plan_id       uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    -- the version in force it continues; none for a grid made in the plan
    base_id       bigint REFERENCES grid ON DELETE SET NULL,
    network       text NOT NULL REFERENCES network,
    code          text NOT NULL CHECK (code <> ''),
    name          text NOT NULL DEFAULT '',
    village_code  text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('basic', 'dedicated')),
    parent_code   text,
    flags         text[] NOT NULL DEFAULT '{}',
    attributes    jsonb NOT NULL DEFAULT '{}',
    locked        boolean NOT NULL DEFAULT false,
    from_position integer NOT NULL CHECK (from_position >= 0),
    to_position   integer CHECK (to_position > from_position),
    geom          geometry(Geometry, 4490) NOT NULL,
    CHECK (GeometryType(geom) IN ('POLYGON', 'MULTIPOLYGON') AND ST_IsValid(geom))
);
CREATE INDEX plan_grid_geom ON plan_grid USING gist (plan_id, geom);
CREATE INDEX plan_grid_code ON plan_grid (plan_id, code text_pattern_ops);
CREATE INDEX plan_grid_village ON plan_grid (plan_id, village_code text_pattern_ops);
CREATE INDEX plan_grid_base ON plan_grid (base_id);
ALTER TABLE plan_grid ALTER COLUMN plan_id SET STATISTICS 0;  -- as of plan_edit
-- codes are never given twice, so every version of a village is asked for
CREATE INDEX grid_village_ever ON grid (village_code text_pattern_ops);

ALTER TABLE grid_indicator
    ADD COLUMN aged_80 integer CHECK (aged_80 >= 0),
    ADD COLUMN reock double precision,
    ADD COLUMN span_m double precision CHECK (span_m >= 0),
    ADD COLUMN center_p90_m double precision CHECK (center_p90_m >= 0),
    -- what the numbers were computed from: geo.indicators.content_key
    ADD COLUMN content text;
CREATE TABLE plan_grid_indicator (
    LIKE grid_indicator INCLUDING CONSTRAINTS,
    PRIMARY KEY (grid_id),
    FOREIGN KEY (grid_id) REFERENCES plan_grid ON DELETE CASCADE
);

CREATE TABLE plan_comment (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id     uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    text        text NOT NULL CHECK (text <> ''),
    author      text NOT NULL,
    made_at     timestamptz NOT NULL,
    resolved_by text,
    resolved_at timestamptz,
    geom        geometry(Point, 4490) NOT NULL
);
CREATE INDEX plan_comment_plan ON plan_comment (plan_id, id);

-- The villages locked in a plan.
CREATE FUNCTION plan_locks(wanted uuid) RETURNS TABLE (village_code text) LANGUAGE sql STABLE AS $$
    SELECT l.village_code
      FROM plan_lock l JOIN plan p ON p.id = l.plan_id
     WHERE l.plan_id = wanted
       AND l.from_position <= p.head AND (l.to_position IS NULL OR l.to_position > p.head)
$$;

-- The lines of a plan: one row a grid, with its numbers. Inlined by the planner, so that conditions on
-- code, village and place reach the indexes of both tables. `locked` is a grid's own lock or its
-- village's.
CREATE FUNCTION plan_lines(wanted uuid) RETURNS TABLE (
    id bigint, network text, code text, name text, village_code text, kind text, parent_code text,
    flags text[], attributes jsonb, valid_from timestamptz, valid_to timestamptz, geom geometry,
    base_id bigint, locked boolean, own_lock boolean, drafted boolean,
    households integer, residents integer, registered integer, children integer, elderly integer,
    aged_80 integer, area_m2 double precision, compactness double precision, reock double precision,
    span_m double precision, center_median_m double precision, center_p90_m double precision,
    center_max_m double precision, profile_status text, content text
) LANGUAGE sql STABLE AS $$
    SELECT g.id, g.network, g.code, g.name, g.village_code, g.kind, g.parent_code,
           g.flags, g.attributes, g.valid_from, g.valid_to, g.geom,
           g.id,
           COALESCE(g.village_code IN (SELECT k.village_code FROM plan_locks(wanted) k), false),
           false, false,
           i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80, i.area_m2,
           i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m, i.center_max_m,
           i.profile_status, i.content
      FROM grid g
      LEFT JOIN grid_indicator i ON i.grid_id = g.id
     WHERE g.valid_to IS NULL
       AND g.network = (SELECT p.network FROM plan p WHERE p.id = wanted)
       -- IS NOT TRUE keeps this a look-up by key, or a hash for many rows, whatever is estimated
       AND EXISTS (SELECT FROM plan_village v
                    WHERE v.plan_id = wanted AND v.village_code = g.village_code) IS NOT TRUE
    UNION ALL
    SELECT d.id, d.network, d.code, d.name, d.village_code, d.kind, d.parent_code,
           d.flags, d.attributes, NULL::timestamptz, NULL::timestamptz, d.geom,
           d.base_id,
           d.locked OR d.village_code IN (SELECT k.village_code FROM plan_locks(wanted) k),
           d.locked, true,
           i.households, i.residents, i.registered, i.children, i.elderly, i.aged_80, i.area_m2,
           i.compactness, i.reock, i.span_m, i.center_median_m, i.center_p90_m, i.center_max_m,
           i.profile_status, i.content
      FROM plan_grid d
      LEFT JOIN plan_grid_indicator i ON i.grid_id = d.id
     WHERE d.plan_id = wanted
       AND d.from_position <= (SELECT p.head FROM plan p WHERE p.id = wanted)
       AND (d.to_position IS NULL OR d.to_position > (SELECT p.head FROM plan p WHERE p.id = wanted))
$$;

-- Open maps are told when something they show has changed: LISTEN wangge_events. Equal payloads of one
-- transaction arrive once.
CREATE FUNCTION tell_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wangge_events', json_build_object(
        'event', 'plan', 'id', NEW.id, 'scope', NEW.scope_code, 'state', NEW.state,
        'revision', NEW.revision)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION tell_plan();

CREATE FUNCTION tell_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wangge_events', json_build_object(
        'event', 'comment', 'id', NEW.plan_id,
        'scope', (SELECT scope_code FROM plan WHERE id = NEW.plan_id))::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON plan_comment FOR EACH ROW EXECUTE FUNCTION tell_comment();

CREATE FUNCTION tell_layer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wangge_events', json_build_object('event', 'layer', 'layer', NEW.layer)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER UPDATE ON layer_version FOR EACH ROW EXECUTE FUNCTION tell_layer();

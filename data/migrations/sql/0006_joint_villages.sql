-- Joint villages 联村: villages that share one organisation. A version has its members; a change closes
-- it and opens the next at the same instant. The villages and their grids keep their codes.
CREATE TABLE joint_village (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL CHECK (code <> ''),
    name       text NOT NULL CHECK (name <> ''),
    members    text[] NOT NULL CHECK (cardinality(members) >= 2),
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz,
    CHECK (valid_from < valid_to),
    CONSTRAINT joint_village_code_once EXCLUDE USING gist (code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE INDEX joint_village_current ON joint_village (code text_pattern_ops) WHERE valid_to IS NULL;
CREATE INDEX joint_village_members ON joint_village USING gin (members);

-- Written by a trigger and by nobody else: at any time a village is in one joint village.
CREATE TABLE joint_village_member (
    joint_village_id bigint NOT NULL REFERENCES joint_village ON DELETE CASCADE,
    village_code     text NOT NULL CHECK (village_code <> ''),
    valid_from       timestamptz NOT NULL,
    valid_to         timestamptz,
    PRIMARY KEY (joint_village_id, village_code),
    CONSTRAINT joint_village_member_once
        EXCLUDE USING gist (village_code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE FUNCTION follow_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM joint_village_member WHERE joint_village_id = NEW.id;
    INSERT INTO joint_village_member
    SELECT NEW.id, member, NEW.valid_from, NEW.valid_to FROM unnest(NEW.members) AS member;
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER INSERT OR UPDATE ON joint_village
    FOR EACH ROW EXECUTE FUNCTION follow_members();

INSERT INTO layer_version (layer) VALUES ('joint_villages');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON joint_village
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('joint_villages');

-- In a plan it is as with grids (0002_plans.sql): the first edit that concerns a village pins it and
-- copies the joint village it is in (position 0); from then on the plan shows its own.
CREATE TABLE plan_joint_pin (
    plan_id       uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    village_code  text NOT NULL,
    -- of the edit that pinned it
    from_position integer NOT NULL CHECK (from_position > 0),
    PRIMARY KEY (plan_id, village_code)
);
CREATE TABLE plan_joint_village (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id       uuid NOT NULL REFERENCES plan ON DELETE CASCADE,
    -- the version in force it continues; none for one made in the plan
    base_id       bigint REFERENCES joint_village ON DELETE SET NULL,
    code          text NOT NULL CHECK (code <> ''),
    name          text NOT NULL CHECK (name <> ''),
    members       text[] NOT NULL CHECK (cardinality(members) >= 2),
    from_position integer NOT NULL CHECK (from_position >= 0),
    to_position   integer CHECK (to_position > from_position)
);
CREATE INDEX plan_joint_village_plan ON plan_joint_village (plan_id, code text_pattern_ops);
ALTER TABLE plan_joint_pin ALTER COLUMN plan_id SET STATISTICS 0;  -- as of plan_edit
ALTER TABLE plan_joint_village ALTER COLUMN plan_id SET STATISTICS 0;

-- The joint villages of a plan.
CREATE FUNCTION plan_joint_villages(wanted uuid) RETURNS TABLE (
    id bigint, code text, name text, members text[], valid_from timestamptz, valid_to timestamptz,
    base_id bigint, drafted boolean
) LANGUAGE sql STABLE AS $$
    SELECT j.id, j.code, j.name, j.members, j.valid_from, j.valid_to, j.id, false
      FROM joint_village j
     WHERE j.valid_to IS NULL
       AND NOT EXISTS (SELECT FROM plan_joint_pin p
                        WHERE p.plan_id = wanted AND p.village_code = ANY (j.members))
    UNION ALL
    SELECT d.id, d.code, d.name, d.members, NULL::timestamptz, NULL::timestamptz, d.base_id, true
      FROM plan_joint_village d
     WHERE d.plan_id = wanted
       AND d.from_position <= (SELECT p.head FROM plan p WHERE p.id = wanted)
       AND (d.to_position IS NULL OR d.to_position > (SELECT p.head FROM plan p WHERE p.id = wanted))
$$;

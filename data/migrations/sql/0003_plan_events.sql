-- A plan that changes also says who did what, where the writer has told: `wangge.plan_act` holds it for
-- the transaction (data.plans.announce). A notification has to stay below 8,000 bytes, or the write
-- fails: the villages are left out first.
CREATE OR REPLACE FUNCTION tell_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act jsonb := NULLIF(current_setting('wangge.plan_act', true), '')::jsonb;
    told text;
BEGIN
    LOOP
        told := json_build_object(
            'event', 'plan', 'id', NEW.id, 'scope', NEW.scope_code, 'state', NEW.state,
            'revision', NEW.revision, 'author', act->'author', 'edit', act->'edit',
            'villages', act->'villages')::text;
        EXIT WHEN octet_length(told) < 7900 OR act IS NULL;
        act := CASE WHEN act ? 'villages' THEN act - 'villages' END;
    END LOOP;
    PERFORM pg_notify('wangge_events', told);
    RETURN NULL;
END $$;

-- Runs are worked on by processes of their own: what they are at, since when, and open maps are told.
ALTER TABLE run ADD COLUMN step text;
ALTER TABLE run ADD COLUMN started_at timestamptz;
CREATE INDEX run_unfinished ON run (created_at) WHERE state IN ('queued', 'running');

-- A hint, never data: who is told asks for the run.
CREATE FUNCTION tell_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wangge_events', json_build_object(
        'event', 'run', 'id', NEW.id, 'analysis', NEW.analysis, 'state', NEW.state,
        'progress', round(NEW.progress::numeric, 3), 'step', NEW.step,
        'scope', NEW.parameters->>'scope')::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON run FOR EACH ROW EXECUTE FUNCTION tell_run();

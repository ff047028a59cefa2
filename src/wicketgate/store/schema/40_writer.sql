-- Who may write: processes of one gate share an epoch; whoever takes the log over raises it and so shuts them out.
SET LOCAL ROLE log_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FUNCTION log.take_over() RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS 'UPDATE log.head SET epoch = epoch + 1 RETURNING epoch';

-- A newer epoch alone is no new head: there is nothing to complete.
DROP TRIGGER complete ON log.head;
CREATE CONSTRAINT TRIGGER complete AFTER UPDATE ON log.head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.size <> NEW.size) EXECUTE FUNCTION log.complete();
ALTER TABLE log.head ENABLE ALWAYS TRIGGER complete;

GRANT EXECUTE ON FUNCTION log.take_over() TO gate_oversee;
GRANT SELECT ON log.head TO gate_witness; -- a writer compares the head with the stored tiles before it begins

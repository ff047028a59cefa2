-- Whoever replaces the register says so in the log, in the same transaction.
SET LOCAL ROLE log_owner;
GRANT USAGE ON SCHEMA log TO register_load;
GRANT INSERT ON log.entry, log.checkpoint TO register_load;
GRANT SELECT ON log.head TO register_load;
GRANT UPDATE (size, root, frontier, vkey) ON log.head TO register_load;
GRANT EXECUTE ON FUNCTION log.advance TO register_load;

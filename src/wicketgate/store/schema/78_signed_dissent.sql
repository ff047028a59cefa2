-- Every dissent is signed; those from before there were signatures stay as they were made.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.dissent ADD CONSTRAINT dissent_signed CHECK (signature IS NOT NULL) NOT VALID;

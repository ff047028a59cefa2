-- Where long columns lie. Only what a request says and its facts lie apart from its row: the short columns went there
-- with them, and every list had to fetch them. Answers of a whole file come by the thousand: to compress each
-- costs more than the room it saves.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.request
    ALTER handle SET STORAGE MAIN, ALTER request_id SET STORAGE MAIN, ALTER agency_line SET STORAGE MAIN,
    ALTER determination SET STORAGE MAIN, ALTER findings SET STORAGE MAIN, ALTER authority_digest SET STORAGE MAIN,
    ALTER state SET STORAGE MAIN;
ALTER TABLE gate.answer ALTER body SET STORAGE EXTERNAL;

-- The log of priorities: one row per version of a definition, never changed. `at_s` are Unix seconds.
CREATE TABLE hotspots_priorities (
  number INTEGER PRIMARY KEY NOT NULL,
  priority TEXT NOT NULL,
  version INTEGER NOT NULL,
  at_s INTEGER NOT NULL,
  author TEXT NOT NULL,
  origin TEXT NOT NULL,
  change TEXT NOT NULL,
  note TEXT,
  definition TEXT NOT NULL,
  UNIQUE (priority, version)
);

CREATE TRIGGER hotspots_priorities_stay BEFORE UPDATE ON hotspots_priorities
BEGIN SELECT RAISE(ABORT, 'the log of priorities is never changed'); END;
CREATE TRIGGER hotspots_priorities_remain BEFORE DELETE ON hotspots_priorities
BEGIN SELECT RAISE(ABORT, 'the log of priorities is never changed'); END;

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('hotspots_priorities', 'attributes', 'hotspots_priorities', 'Who defined which priority how, and when', NULL);

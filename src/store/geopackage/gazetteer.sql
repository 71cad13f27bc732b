-- Positions of postcodes and properties, metres in EPSG:27700, and where they came from. Entries are replaced as a whole;
-- the log of their sources only grows: those with the highest revision of a kind are the ones in use.
CREATE TABLE hotspots_postcodes (
  id INTEGER PRIMARY KEY NOT NULL,
  postcode TEXT NOT NULL UNIQUE,
  easting DOUBLE NOT NULL,
  northing DOUBLE NOT NULL,
  quality INTEGER NOT NULL,
  terminated BOOLEAN NOT NULL
);

CREATE TABLE hotspots_uprns (
  uprn INTEGER PRIMARY KEY NOT NULL,
  easting DOUBLE NOT NULL,
  northing DOUBLE NOT NULL
);

CREATE TABLE hotspots_gazetteer (
  number INTEGER PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  edition TEXT,
  sha256 TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_taken INTEGER NOT NULL,
  loaded_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('hotspots_postcodes', 'attributes', 'hotspots_postcodes', 'Positions of postcodes', NULL),
  ('hotspots_uprns', 'attributes', 'hotspots_uprns', 'Positions of properties', NULL),
  ('hotspots_gazetteer', 'attributes', 'hotspots_gazetteer', 'Which files the positions were loaded from', NULL);

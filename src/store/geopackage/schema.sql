-- The tables that OGC GeoPackage 1.3 (OGC 12-128r17) asks for, and those of the incidents.

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);

INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in degrees on the WGS 84 ellipsoid'),
  ('OSGB36 / British National Grid', 27700, 'EPSG', 27700, 'PROJCS["OSGB36 / British National Grid",GEOGCS["OSGB36",DATUM["Ordnance_Survey_of_Great_Britain_1936",SPHEROID["Airy 1830",6377563.396,299.3249646,AUTHORITY["EPSG","7001"]],AUTHORITY["EPSG","6277"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4277"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",49],PARAMETER["central_meridian",-2],PARAMETER["scale_factor",0.9996012717],PARAMETER["false_easting",400000],PARAMETER["false_northing",-100000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","27700"]]', 'easting and northing in metres');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

-- One row per incident. `start_s` and `end_s` are Unix seconds; `month` and `day` are the London
-- month and day of the start. A row without a position has no geom, lon and lat; `positioned_by` is NULL where the
-- position was recorded as coordinates. Stores made before there was that column are given it.
CREATE TABLE incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  source TEXT NOT NULL,
  own_id TEXT,
  reference TEXT,
  category TEXT NOT NULL,
  month TEXT NOT NULL,
  day DATE NOT NULL,
  start_s INTEGER NOT NULL,
  end_s INTEGER NOT NULL,
  precision TEXT NOT NULL,
  weight DOUBLE NOT NULL,
  lon DOUBLE,
  lat DOUBLE,
  street TEXT,
  outcome TEXT,
  attributes TEXT,
  generation INTEGER NOT NULL,
  positioned_by TEXT
);

-- Few and partial: every index is paid for by each row of an import.
CREATE UNIQUE INDEX incidents_by_own_id ON incidents (source, own_id) WHERE own_id IS NOT NULL;
CREATE INDEX incidents_by_batch ON incidents (source, month) WHERE own_id IS NULL;

-- What was imported: one row per commit. `batches` is a JSON list of [source, month].
CREATE TABLE hotspots_imports (
  generation INTEGER PRIMARY KEY NOT NULL,
  committed_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  added INTEGER NOT NULL,
  replaced INTEGER NOT NULL,
  batches TEXT NOT NULL
);

-- Exactly one row.
CREATE TABLE hotspots_store (
  only_row INTEGER PRIMARY KEY NOT NULL CHECK (only_row = 1),
  store_id TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  generation INTEGER NOT NULL
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('incidents', 'features', 'incidents', 'Recorded incidents; to be edited by importing only', 27700),
  ('hotspots_imports', 'attributes', 'hotspots_imports', 'What was imported, by generation', NULL);
INSERT INTO gpkg_geometry_columns VALUES ('incidents', 'geom', 'POINT', 27700, 0, 0);

-- What people go on and around: roads, barriers, and the terrain. None of them has versions: an import
-- replaces what it brings anew.

CREATE TABLE road (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL CHECK (code <> '') UNIQUE,
    name       text NOT NULL DEFAULT '',
    -- OpenStreetMap's value of `highway`
    road_class text NOT NULL CHECK (road_class <> ''),
    oneway     text NOT NULL DEFAULT 'both' CHECK (oneway IN ('both', 'forward', 'backward')),
    -- of this road; without it that of its class holds
    speed_kmh  double precision CHECK (speed_kmh > 0),
    bridge     boolean NOT NULL DEFAULT false,
    geom       geometry(LineString, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom))
);
CREATE INDEX road_geom ON road USING gist (geom);

CREATE TABLE barrier (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code <> '') UNIQUE,
    name text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('river', 'water', 'railway', 'wall', 'cliff')),
    geom geometry(Geometry, 4490) NOT NULL,
    CHECK (GeometryType(geom) IN ('LINESTRING', 'POLYGON') AND NOT ST_IsEmpty(geom))
);
CREATE INDEX barrier_geom ON barrier USING gist (geom);

-- Heights above sea level, one raster a county: the file itself, in a metric zone, and what is in it.
CREATE TABLE terrain (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- division code of the county
    code         text NOT NULL CHECK (code <> '') UNIQUE,
    -- the file it came from, and its coordinate system
    source       text NOT NULL DEFAULT '',
    zone         integer NOT NULL,
    cell_m       double precision NOT NULL CHECK (cell_m > 0),
    columns      integer NOT NULL CHECK (columns > 0),
    rows         integer NOT NULL CHECK (rows > 0),
    lowest_m     double precision NOT NULL,
    highest_m    double precision NOT NULL CHECK (highest_m >= lowest_m),
    nodata_share double precision NOT NULL CHECK (nodata_share >= 0 AND nodata_share < 1),
    -- GeoTIFF: tiled, compressed, north up, square cells
    content      bytea NOT NULL,
    geom         geometry(Polygon, 4490) NOT NULL
);
ALTER TABLE terrain ALTER COLUMN content SET STORAGE EXTERNAL;  -- compressed already

INSERT INTO layer_version (layer) VALUES ('roads'), ('barriers'), ('terrain');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON road
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('roads');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON barrier
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('barriers');
CREATE TRIGGER bump AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON terrain
    FOR EACH STATEMENT EXECUTE FUNCTION bump_layer_version('terrain');

-- The spatial index of a layer, kept by triggers as the R-tree extension of GeoPackage 1.3 asks for (annex F.3).
-- T and C stand for the names of its table and its geometry column, I for that of the key.

CREATE TRIGGER "rtree_T_C_insert" AFTER INSERT ON "T"
  WHEN (new."C" NOT NULL AND NOT ST_IsEmpty(NEW."C"))
BEGIN
  INSERT OR REPLACE INTO "rtree_T_C" VALUES (
    NEW."I", ST_MinX(NEW."C"), ST_MaxX(NEW."C"), ST_MinY(NEW."C"), ST_MaxY(NEW."C")
  );
END;

CREATE TRIGGER "rtree_T_C_update1" AFTER UPDATE OF "C" ON "T"
  WHEN OLD."I" = NEW."I" AND (NEW."C" NOTNULL AND NOT ST_IsEmpty(NEW."C"))
BEGIN
  INSERT OR REPLACE INTO "rtree_T_C" VALUES (
    NEW."I", ST_MinX(NEW."C"), ST_MaxX(NEW."C"), ST_MinY(NEW."C"), ST_MaxY(NEW."C")
  );
END;

CREATE TRIGGER "rtree_T_C_update2" AFTER UPDATE OF "C" ON "T"
  WHEN OLD."I" = NEW."I" AND (NEW."C" ISNULL OR ST_IsEmpty(NEW."C"))
BEGIN
  DELETE FROM "rtree_T_C" WHERE id = OLD."I";
END;

CREATE TRIGGER "rtree_T_C_update3" AFTER UPDATE ON "T"
  WHEN OLD."I" != NEW."I" AND (NEW."C" NOTNULL AND NOT ST_IsEmpty(NEW."C"))
BEGIN
  DELETE FROM "rtree_T_C" WHERE id = OLD."I";
  INSERT OR REPLACE INTO "rtree_T_C" VALUES (
    NEW."I", ST_MinX(NEW."C"), ST_MaxX(NEW."C"), ST_MinY(NEW."C"), ST_MaxY(NEW."C")
  );
END;

CREATE TRIGGER "rtree_T_C_update4" AFTER UPDATE ON "T"
  WHEN OLD."I" != NEW."I" AND (NEW."C" ISNULL OR ST_IsEmpty(NEW."C"))
BEGIN
  DELETE FROM "rtree_T_C" WHERE id IN (OLD."I", NEW."I");
END;

CREATE TRIGGER "rtree_T_C_delete" AFTER DELETE ON "T"
  WHEN old."C" NOT NULL
BEGIN
  DELETE FROM "rtree_T_C" WHERE id = OLD."I";
END;

import { describe, expect, it } from "vitest";
import type { ImportReport } from "../src/api/analysis";
import { ApiError } from "../src/api/client";
import type { ImportSettings } from "../src/api/endpoints";
import { findNeeds, isOutdated } from "../src/panels/importNeeds";

function reportOf(key: string, details: Record<string, unknown> = {}): ImportReport {
  const told = { key, severity: "error" as const, message: "", message_zh: "" };
  return {
    id: "1",
    layer: "grids",
    filename: "a.gpkg",
    state: "reported",
    rows: 0,
    good_rows: 0,
    crs: null,
    mapping: {},
    columns: [],
    unused_columns: [],
    dropped_columns: [],
    counts: { error: 1 },
    by_key: [{ ...told, count: 1 }],
    problems: [{ ...told, details, row: null, field: null, grids: [], geometry: null }],
    preview: [],
    can_commit: false,
  };
}

describe("findNeeds", () => {
  it("asks for one of the layers of the file, and for nothing else", () => {
    const report = reportOf("several_layers", { file: "a.gpkg", layers: "north, south" });
    expect(findNeeds(report, null)).toEqual({
      crs: false,
      encoding: false,
      sourceLayers: ["north", "south"],
    });
  });

  it("keeps the layers on offer once one of them was read", () => {
    expect(findNeeds(reportOf("no_rows"), null, ["north", "south"]).sourceLayers).toEqual([
      "north",
      "south",
    ]);
  });

  it.each(["encoding_unknown", "encoding_wrong"])("asks for the encoding on %s", (key) => {
    expect(findNeeds(reportOf(key), null)).toMatchObject({ crs: false, encoding: true });
  });

  it("asks for the coordinate system when the file names none or the server knows it not", () => {
    expect(findNeeds(reportOf("crs_missing"), null).crs).toBe(true);
    expect(findNeeds(undefined, new ApiError(422, "unknown_crs", "", "")).crs).toBe(true);
    expect(findNeeds(undefined, null)).toEqual({ crs: false, encoding: false, sourceLayers: [] });
  });
});

describe("isOutdated", () => {
  const settings: ImportSettings = {
    crs: null,
    encoding: null,
    sourceLayer: null,
    mapping: { name: "名称" },
    mode: "upsert",
  };

  it("tells any setting changed after the check", () => {
    expect(isOutdated(undefined, settings)).toBe(false);
    expect(isOutdated(settings, { ...settings, mapping: { name: "名称" } })).toBe(false);
    expect(isOutdated(settings, { ...settings, mapping: { name: "村名" } })).toBe(true);
    expect(isOutdated(settings, { ...settings, mode: "replace" })).toBe(true);
    expect(isOutdated(settings, { ...settings, sourceLayer: "north" })).toBe(true);
  });
});

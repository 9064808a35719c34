/** How changes of lines look: each kind differs by colour, by pattern and by its outline. */
import { Circle, Fill, Stroke, Style } from "ol/style";
import type { StyleFunction } from "ol/style/Style";
import type { ChangeKind } from "../api/difference";
import { KIND_COLOURS } from "../plan/changeKinds";

const SIZE = 9;

/** A small tile of a colour: dots, a cross-hatch, or a hatch. */
function pattern(kind: "added" | "removed" | "changed"): CanvasPattern | string {
  const colour = KIND_COLOURS[kind];
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext("2d");
  if (!context) return `${colour}55`;
  context.fillStyle = `${colour}2e`;
  context.fillRect(0, 0, SIZE, SIZE);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.1;
  if (kind === "added") {
    context.beginPath();
    context.arc(SIZE / 2, SIZE / 2, 1.4, 0, 7);
    context.fill();
  } else {
    context.beginPath();
    // Three strokes, so that the line goes on across the tile's corners.
    for (const shift of [-SIZE, 0, SIZE]) {
      context.moveTo(shift - 1, SIZE + 1);
      context.lineTo(shift + SIZE + 1, -1);
      if (kind === "removed") {
        context.moveTo(shift - 1, -1);
        context.lineTo(shift + SIZE + 1, SIZE + 1);
      }
    }
    context.stroke();
  }
  return context.createPattern(canvas, "repeat") ?? `${colour}55`;
}

const halo = new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5 }) });

function outline(kind: ChangeKind, width: number, lineDash?: number[]): Style[] {
  const stroke = new Stroke({
    color: KIND_COLOURS[kind],
    width,
    ...(lineDash ? { lineDash } : {}),
  });
  return [halo, new Style({ stroke })];
}

const OUTLINES: Record<ChangeKind, Style[]> = {
  added: outline("added", 3),
  changed: outline("changed", 2.2),
  removed: outline("removed", 2.6, [9, 5]),
  renumbered: outline("renumbered", 2, [2, 4]),
  attributes: outline("attributes", 2, [2, 4]),
};

/** Grids are outlined by what happens to them; land that changes hands is filled by what it becomes. */
export function changeStyle(
  kindOf: (code: string | null) => ChangeKind | undefined,
): StyleFunction {
  const fills = Object.fromEntries(
    (["added", "removed", "changed"] as const).map((kind) => [
      kind,
      new Style({ fill: new Fill({ color: pattern(kind) }) }),
    ]),
  ) as Record<"added" | "removed" | "changed", Style>;
  return (feature) => {
    if (feature.get("layer") === "grids") {
      return OUTLINES[feature.get("change") as ChangeKind];
    }
    const { old_grid: from, new_grid: to } = feature.getProperties() as Record<
      string,
      string | null
    >;
    if (to === null || to === undefined) return fills.removed;
    if (kindOf(to) === "added") return fills.added;
    return from && kindOf(from) === "removed" ? fills.removed : fills.changed;
  };
}

/** The old lines of what changes, dashed. */
export function oldLineStyle(isConcerned: (code: string) => boolean): StyleFunction {
  const dashed = new Style({
    stroke: new Stroke({ color: "#111827", width: 1.6, lineDash: [6, 4] }),
  });
  return (feature) => (isConcerned(String(feature.get("code"))) ? dashed : undefined);
}

export const movedStyle = new Style({
  image: new Circle({
    radius: 3.2,
    fill: new Fill({ color: "#fff" }),
    stroke: new Stroke({ color: "#7a1f6b", width: 2 }),
  }),
});

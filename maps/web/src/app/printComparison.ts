/** Makes the printed comparison: two pictures of the map and the register of changes. */
import { getJson } from "../api/client";
import { type Difference, differenceUrl } from "../api/difference";
import { type Lines } from "../api/lines";
import type { Plan } from "../api/plans";
import type { Bbox } from "../api/types";
import { MARGIN_MM, paperSize, type Paper, setPage } from "../map/print";
import { type PictureSize, takePair } from "../map/picture";
import { choose } from "../plan/store";
import { compareStore, setCompare } from "./comparison";
import { printedStore } from "./printed";
import { theMap } from "./mapHolder";
import { select, set, store } from "./state";

/** Heading and lines below, a register's own heading, a row of it, the least a map is high. */
const TEXT_MM = 50;
const HEAD_MM = 14;
const ROW_MM = 5.6;
const LEAST_MM = 62;
const BETWEEN_MM = 5;

/** How high the registers beneath the maps are, in mm, while each row is one line. */
function registerHeight({ grids, joint_villages: joint }: Difference): number {
  const jointly = joint.length > 0 ? HEAD_MM + joint.length * ROW_MM : 0;
  return (grids.length + 1) * ROW_MM + jointly;
}

/** Two maps side by side; the less is beneath, the higher they are. */
export function pictureSize(paper: Paper, beneath_mm: number): PictureSize {
  const { width_mm, height_mm } = paperSize(paper);
  const width = (width_mm - 2 * MARGIN_MM - BETWEEN_MM) / 2;
  const left = height_mm - 2 * MARGIN_MM - TEXT_MM - beneath_mm;
  return { width_mm: width, height_mm: Math.max(LEAST_MM, Math.min(width, left)) };
}

function boxOf({ grids }: Difference): Bbox | null {
  const boxes = grids.map(({ bbox }) => bbox).filter((bbox): bbox is Bbox => bbox !== null);
  if (boxes.length === 0) return store.getState().view?.bbox ?? null;
  const least = (index: 0 | 1) => Math.min(...boxes.map((bbox) => bbox[index]));
  const most = (index: 2 | 3) => Math.max(...boxes.map((bbox) => bbox[index]));
  return [least(0), least(1), most(2), most(3)];
}

interface Wanted {
  heading: string;
  note: string;
  paper: Paper;
  version: string;
  plan: Plan;
  against: Plan | null;
  before: Lines;
  difference: Difference;
}

/** Take the pictures, lay out the sheet, print it; the screen is as before afterwards. */
export async function printComparison(wanted: Wanted): Promise<void> {
  const map = theMap();
  const bbox = boxOf(wanted.difference);
  if (!map || !bbox) return;
  const { plan, against, difference, paper, heading, note } = wanted;
  const size = pictureSize(paper, registerHeight(difference));
  const asked = { against: against?.id ?? null, households: false };
  const shapes = await getJson<object>(differenceUrl(plan.id, asked));
  const wasOn = compareStore.getState().on;
  setCompare({ on: false });
  set({ dialog: null });
  select(null);
  choose([]);
  // What was on the map must be gone before it is pictured.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const pictures = await takePair(map, {
    bbox,
    size,
    version: wanted.version,
    before: wanted.before,
    after: store.getState().lines,
    shapes,
    difference,
    resolution: () => {
      map.settle();
      return store.getState().view?.resolution_m ?? 1;
    },
  });
  setCompare({ on: wasOn });
  printedStore.setState({
    sheet: { heading, note, paper, size, pictures, difference, plan, against },
  });
  const restore = setPage(paper, "comparison");
  window.addEventListener(
    "afterprint",
    () => {
      restore();
      printedStore.setState({ sheet: null });
    },
    { once: true },
  );
  await whenPictured();
  window.print();
}

/** Resolves when the sheet stands, with its pictures. */
async function whenPictured(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const images = [...document.querySelectorAll<HTMLImageElement>(".comparison-sheet img")];
    if (images.length === 0) continue;
    await Promise.all(images.map((image) => image.decode()));
    return;
  }
}

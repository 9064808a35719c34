import type OlMap from "ol/Map";
import type { Point } from "../api/types";
import type { Mode } from "../modes/mode";
import type { Ground } from "./ground";
import type { Marks } from "./marks";

/** What every tool works with. */
export interface ToolContext {
  map: OlMap;
  ground: Ground;
  marks: Marks;
  /** Code of the grid at a pixel, also where no exact lines are loaded. */
  codeAt: (pixel: number[]) => string | null;
  /** Look at a thing in the details, as without a tool. */
  inspect: (code: string | null) => void;
  /** Names the land the pointer hovers over: a tool that clicks on grids enters and leaves it. */
  naming: Mode;
}

/** A mode of the map that edits: one file each. */
export interface Tool extends Mode {
  /** A key while this tool is on; true when the tool has used it. */
  key?: (event: KeyboardEvent) => boolean;
  /** Say what is wanted first: on entering, after an edit, after a preview was dropped. */
  ready?: () => void;
  /** Take up a shape that was kept when the page went away. */
  resume?: (points: readonly Point[]) => void;
  /** Esc: drop what is half done. True when there was something to drop. */
  escape?: () => boolean;
}

export type CreateTool = (context: ToolContext) => Tool;

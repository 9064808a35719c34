/** Small pictures of how each thing looks on the map. */
import { GRID_GREEN } from "../map/classes";
import type { MapLayerId } from "../map/selection";
import {
  CENTER_RED,
  GRID_LINE,
  ROAD_LINE,
  TOWNSHIP_LINE,
  VILLAGE_LINE,
  WATER_LINE,
} from "../map/styles";

const line = (colour: string, width: number, dash?: string) => (
  <line x1="1" y1="7" x2="21" y2="7" stroke={colour} strokeWidth={width} strokeDasharray={dash} />
);

const PICTURES: Record<MapLayerId, React.ReactNode> = {
  counties: line("#14261c", 3.4),
  townships: line(TOWNSHIP_LINE.color, TOWNSHIP_LINE.width),
  villages: line(VILLAGE_LINE.color, VILLAGE_LINE.width),
  natural_villages: line("#7a6f3b", 1.2, "2 3"),
  grids: <rect x="2" y="2" width="18" height="10" fill={GRID_GREEN} stroke={GRID_LINE.color} />,
  roads: line(ROAD_LINE, 1.8),
  barriers: line(WATER_LINE, 1.8),
  households: (
    <g fill="rgba(25,52,40,.75)">
      <circle cx="5" cy="5" r="1.6" />
      <circle cx="11" cy="9" r="1.6" />
      <circle cx="16" cy="4.5" r="1.6" />
    </g>
  ),
  centers: (
    <g>
      <circle cx="11" cy="7" r="6" fill={CENTER_RED} />
      <path d="M11 3.6 14 9H8z" fill="#fff" />
    </g>
  ),
  basemap: <rect x="2" y="2" width="18" height="10" fill="#e5e7eb" stroke="#9ca3af" />,
};

export function LayerSwatch({ id }: { id: MapLayerId }) {
  return (
    <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
      {PICTURES[id]}
    </svg>
  );
}

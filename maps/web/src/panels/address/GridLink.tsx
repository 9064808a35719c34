import type { Named } from "../../api/addresses";
import { select } from "../../app/state";
import { spacedCode } from "../../i18n/format";

/** The name of a grid; pressing it selects the grid. */
export function GridLink({ grid }: { grid: Named }) {
  return (
    <button
      type="button"
      className="link figures"
      onClick={() => select({ kind: "grids", id: grid.code })}
    >
      {grid.name || spacedCode(grid.code)}
    </button>
  );
}

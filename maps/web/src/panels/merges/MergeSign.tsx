/** Rows of the legends of merges: what a colour means, and a layer to be switched off. */
import { Checkbox } from "@mantine/core";
import type { ReactNode, SVGProps } from "react";
import { setMerges, useMerges } from "../../app/merges";
import { ABOVE_BROWN, ACCEPTED_GREEN, MERGE_BLUE } from "../../map/mergeStyles";
import { GAP_ORANGE } from "../../map/styles";

const box = (properties: SVGProps<SVGRectElement>) => (
  <rect x="2" y="2" width="18" height="10" {...properties} />
);

const PICTURES = {
  merged: box({ fill: "#bfd5fd", stroke: MERGE_BLUE, strokeWidth: 2 }),
  applied: box({ fill: "#b3c7bb", stroke: ACCEPTED_GREEN, strokeWidth: 2 }),
  left: (
    <g stroke={GAP_ORANGE}>
      {box({ fill: "#ffedd5", strokeDasharray: "3 2" })}
      <path d="M4 12 10 2M9 12 15 2M14 12 20 2" strokeWidth="1.2" />
    </g>
  ),
  above: box({ fill: "#cdb0a6", stroke: ABOVE_BROWN }),
  locked: box({ fill: "#c3cad3", stroke: "#475569", strokeDasharray: "3 2" }),
};

interface SignProps {
  state: keyof typeof PICTURES;
  children: ReactNode;
}

export function MergeSign({ state, children }: SignProps) {
  return (
    <li className="layer-name" data-state={state}>
      <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
        {PICTURES[state]}
      </svg>
      {children}
    </li>
  );
}

function toggle(layer: string): void {
  setMerges(({ hidden }) => ({
    hidden: hidden.includes(layer) ? hidden.filter((id) => id !== layer) : [...hidden, layer],
  }));
}

export function LayerCheck({ layer, children }: { layer: string; children: ReactNode }) {
  const hidden = useMerges((state) => state.hidden);
  return (
    <Checkbox
      size="xs"
      checked={!hidden.includes(layer)}
      onChange={() => toggle(layer)}
      label={<span className="layer-name">{children}</span>}
    />
  );
}

/** The look of each kind of change on the map, as a small picture. */
import type { ChangeKind } from "../../api/difference";
import { KIND_COLOURS } from "../../plan/changeKinds";

const DASHES: Partial<Record<ChangeKind, string>> = {
  removed: "4 2",
  renumbered: "1.5 2",
  attributes: "1.5 2",
};

function Pattern({ kind }: { kind: ChangeKind }) {
  const colour = KIND_COLOURS[kind];
  if (kind === "added") {
    return (
      <g fill={colour}>
        <circle cx="6" cy="7" r="1.3" />
        <circle cx="11" cy="7" r="1.3" />
        <circle cx="16" cy="7" r="1.3" />
      </g>
    );
  }
  if (kind === "changed") return <path d="M4 12 10 2M9 12 15 2M14 12 20 2" stroke={colour} />;
  if (kind === "removed") {
    return <path d="M4 12 10 2M11 12 17 2M4 2 10 12M11 2 17 12" stroke={colour} fill="none" />;
  }
  return null;
}

export function KindSwatch({ kind }: { kind: ChangeKind }) {
  const colour = KIND_COLOURS[kind];
  const isFilled = kind === "added" || kind === "changed" || kind === "removed";
  return (
    <svg className="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
      <rect
        x="1.5"
        y="1.5"
        width="19"
        height="11"
        fill={isFilled ? `${colour}2e` : "none"}
        stroke={colour}
        strokeWidth="1.8"
        strokeDasharray={DASHES[kind]}
      />
      <Pattern kind={kind} />
    </svg>
  );
}

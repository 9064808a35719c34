/** A problem is a sentence with a place, one click from the spot on the map. */
import { UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { Bbox, GeoJsonGeometry, Problem } from "../api/types";
import { useApp } from "../app/hooks";
import { theMap } from "../app/mapHolder";

/** Box around a GeoJSON geometry; null when it has no coordinates. */
export function boxOf(geometry: GeoJsonGeometry | null): Bbox | null {
  const box: Bbox = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    const [lon, lat] = value as unknown[];
    if (typeof lon === "number" && typeof lat === "number") {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    } else {
      for (const part of value) visit(part);
    }
  };
  visit(geometry?.coordinates);
  for (const part of geometry?.geometries ?? []) visit(part.coordinates);
  return Number.isFinite(box[0]) && box[2] >= box[0] ? box : null;
}

/** Bring a problem's place into the middle of the map. */
export function zoomToProblem(problem: Problem): void {
  const box = boxOf(problem.geometry);
  if (box) theMap()?.fit(box, 15.5);
}

export function ProblemSentence({ problem }: { problem: Problem }) {
  const language = useApp((state) => state.language);
  const Icon = problem.severity === "error" ? IconCircleX : IconAlertTriangle;
  return (
    <span className="problem" data-severity={problem.severity}>
      <Icon size={15} aria-hidden />
      <span>{language === "zh" ? problem.message_zh : problem.message}</span>
    </span>
  );
}

interface ProblemListProps {
  problems: readonly Problem[];
  current?: number | null;
  onPick: (problem: Problem, index: number) => void;
}

export function ProblemList({ problems, current = null, onPick }: ProblemListProps) {
  return (
    <ul className="problem-list">
      {problems.map((problem, index) => (
        <li key={index}>
          <UnstyledButton
            className="problem-button"
            data-current={index === current}
            aria-current={index === current}
            onClick={() => onPick(problem, index)}
          >
            <ProblemSentence problem={problem} />
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

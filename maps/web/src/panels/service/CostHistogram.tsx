/** People by how far they have to their center; standards and the radius are drawn into it. */
import type { HistogramBar, Unit } from "../../api/service";
import type { Weight } from "../../api/runs";
import { useT } from "../../app/hooks";
import { costFigure, costText, peopleText, shareText, unitText } from "./words";

interface CostHistogramProps {
  bars: readonly HistogramBar[];
  unit: Unit;
  weight: Weight;
  standards: readonly number[];
  radius: number | null;
}

const WIDTH = 320;
const HEIGHT = 112;
const TOP = 16;
const BASE = 96;

export function CostHistogram({ bars, unit, weight, standards, radius }: CostHistogramProps) {
  const t = useT();
  const last = bars.at(-1);
  if (!last) return null;
  const highest = Math.max(1, ...bars.map(({ people }) => people));
  const x = (value: number) => Math.min(WIDTH, (value / last.to) * WIDTH);
  const strictest = standards.length > 0 ? Math.min(...standards) : null;
  const loosest = standards.length > 0 ? Math.max(...standards) : null;
  // Within every standard, within some, within none: by where the bar begins.
  const colour = ({ from }: HistogramBar) =>
    strictest === null || from < strictest
      ? "#41ab5d"
      : from < (loosest ?? 0)
        ? "#a1d99b"
        : "#f0b27a";
  const label = t("radius.histogramLabel", { unit: unitText(t, unit) });
  return (
    <figure className="histogram cost-histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {bars.map((bar) => {
          const height = (bar.people / highest) * (BASE - TOP);
          return (
            <rect
              key={bar.from}
              x={x(bar.from) + 0.5}
              y={BASE - height}
              width={Math.max(1, x(bar.to) - x(bar.from) - 1)}
              height={height}
              fill={colour(bar)}
            >
              <title>
                {t("radius.bin", {
                  from: costText(t, bar.from, unit),
                  to: costText(t, bar.to, unit),
                  people: peopleText(t, bar.people, weight),
                  share: shareText(t, bar.share),
                })}
              </title>
            </rect>
          );
        })}
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} stroke="#94a3b8" strokeWidth="0.8" />
        {standards
          .filter((value) => value <= last.to)
          .map((value) => (
            <line
              key={value}
              data-standard={value}
              x1={x(value)}
              x2={x(value)}
              y1={TOP - 4}
              y2={BASE}
              stroke="#14532d"
              strokeDasharray="3 2"
            />
          ))}
        {radius !== null && (
          <g data-radius={radius}>
            <line
              x1={x(radius)}
              x2={x(radius)}
              y1={TOP - 4}
              y2={BASE}
              stroke="#111827"
              strokeWidth="1.6"
            />
            <text
              x={x(radius)}
              y={TOP - 7}
              textAnchor={x(radius) > WIDTH * 0.8 ? "end" : x(radius) < 24 ? "start" : "middle"}
            >
              {costText(t, radius, unit)}
            </text>
          </g>
        )}
        <text x="0" y={HEIGHT - 4}>
          0
        </text>
        <text x={WIDTH / 2} y={HEIGHT - 4} textAnchor="middle">
          {costFigure(last.to / 2, unit)}
        </text>
        <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
          {costFigure(last.to, unit)} {unitText(t, unit)}
        </text>
      </svg>
      <figcaption>{t("radius.histogramHint")}</figcaption>
    </figure>
  );
}

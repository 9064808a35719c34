/** Names what is under the pointer. */
import type { Translate } from "../i18n/translate";
import { count, spacedCode } from "../i18n/format";
import type { Hover } from "../modes/select";
import { useT } from "./hooks";

const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) => count(typeof value === "number" ? value : null);

function describe({ layer, properties }: Hover, t: Translate): [string, string] {
  if (layer === "households") {
    const title = properties.aggregated ? t("kind.households") : t("kind.household");
    const residents = number(properties.residents);
    const detail = properties.aggregated
      ? t("map.hover.cluster", { count: number(properties.count), residents })
      : t("unit.residents", { n: residents });
    return [title, detail];
  }
  if (layer === "grids") {
    const values = {
      households: number(properties.households),
      residents: number(properties.residents),
    };
    const title = text(properties.name) || spacedCode(text(properties.code));
    return [title, t("map.hover.grid", values)];
  }
  return [text(properties.name) || text(properties.code), t(`layer.${layer}`)];
}

export function HoverCard({ hover }: { hover: Hover }) {
  const t = useT();
  const [title, detail] = describe(hover, t);
  const [x, y] = hover.pixel;
  return (
    <div className="hover-card" style={{ transform: `translate(${x + 14}px, ${y + 14}px)` }}>
      <strong>{title}</strong>
      <span>{detail}</span>
    </div>
  );
}

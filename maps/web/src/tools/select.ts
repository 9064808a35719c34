/** Choosing grids: click, Shift+click, a box, a lasso. What is chosen shows in the details. */
import { mouseOnly, never } from "ol/events/condition";
import type { Polygon } from "ol/geom";
import DragBox from "ol/interaction/DragBox";
import Draw from "ol/interaction/Draw";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { Fill, Stroke, Style } from "ol/style";
import { choose, planStore, say } from "../plan/store";
import { toolStore } from "../plan/toolStore";
import { encircledBy } from "./encircled";
import type { GridFeature } from "./ground";
import { createPointing } from "./pointing";
import type { CreateTool } from "./tool";

const rope = new Style({
  fill: new Fill({ color: "rgba(37,99,235,.10)" }),
  stroke: new Stroke({ color: "#1d4ed8", width: 2, lineDash: [6, 4] }),
});

export const createSelect: CreateTool = (context) => {
  const { map, ground } = context;
  const isBy = (way: "box" | "lasso") => toolStore.getState().pickBy === way;
  const isAdding = (event: MapBrowserEvent) => event.originalEvent.shiftKey;
  let adding = false;

  const pointing = createPointing(context, (code, event) => {
    if (code === null) {
      if (!event.originalEvent.shiftKey) choose([]);
      context.inspect(null);
    } else if (!pointing.isEditable(code)) {
      context.inspect(code);
      say("tool.outside");
      return;
    } else {
      choose([code], event.originalEvent.shiftKey ? "toggle" : "only");
      context.inspect(code);
    }
    ready();
  });

  const box = new DragBox({
    className: "ol-dragbox choose-box",
    condition: (event) => {
      adding = isAdding(event);
      const { altKey, ctrlKey, metaKey } = event.originalEvent;
      return mouseOnly(event) && !altKey && (ctrlKey || metaKey || isBy("box"));
    },
  });
  box.on("boxend", () => {
    const extent = box.getGeometry().getExtent();
    void take(ground.around(extent), (grids) =>
      grids.filter((grid) => grid.getGeometry()?.intersectsExtent(extent)),
    );
  });

  const lasso = new Draw({
    type: "Polygon",
    style: rope,
    condition: never,
    freehandCondition: (event) => {
      const { altKey, ctrlKey, metaKey } = event.originalEvent;
      const isOn = (altKey || isBy("lasso")) && !ctrlKey && !metaKey;
      if (isOn && event.type === "pointerdown") adding = isAdding(event);
      return isOn;
    },
  });
  lasso.on("drawend", (event) => {
    const area = event.feature.getGeometry() as Polygon;
    void take(ground.around(area.getExtent()), (grids) => encircledBy(area, grids));
  });

  async function take(
    near: Promise<GridFeature[]>,
    pick: (grids: GridFeature[]) => GridFeature[],
  ): Promise<void> {
    const found = pick(await near).filter((grid) => grid.get("editable"));
    choose(
      found.map((grid) => String(grid.get("code"))),
      adding ? "add" : "only",
    );
    ready();
  }

  function ready(): void {
    const n = planStore.getState().chosen.length;
    if (n > 0) say("tool.select.chosen", { n });
    else say(`tool.select.${toolStore.getState().pickBy}`);
  }

  let stop = () => {};
  return {
    ready,
    enter() {
      pointing.enter();
      map.addInteraction(box);
      map.addInteraction(lasso);
      stop = toolStore.subscribe((now, before) => {
        if (now.pickBy !== before.pickBy) ready();
      });
      ready();
    },
    exit() {
      stop();
      map.removeInteraction(lasso);
      map.removeInteraction(box);
      pointing.exit();
    },
  };
};

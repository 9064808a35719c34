/** What the tools that mend lines share: faults on the map, the current one, clicks on it and on grids. */
import Feature from "ol/Feature";
import { type Geometry, MultiPolygon, Point as PointGeometry, Polygon } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, Stroke, Style } from "ol/style";
import type { Edit } from "../api/plans";
import type { Point } from "../api/types";
import type { Key } from "../i18n/zh";
import { readGeometry } from "../map/overlays";
import { setCursor } from "../modes/mode";
import {
  currentRemedies,
  type Fault,
  type FaultKind,
  faultsOf,
  faultStore,
  loadFaults,
  nextFault,
  pickFault,
  type Remedy,
} from "../plan/faults";
import { withdraw } from "../plan/pending";
import { ask } from "../plan/session";
import { choose, planStore, say } from "../plan/store";
import { insideOf } from "./brush";
import { hush } from "./hush";
import { hatching } from "./patterns";
import type { Tool, ToolContext } from "./tool";

const COLOUR = "#9a3412";
const CLOSEST_ZOOM = 17.5;
const REACH = 8;
/** A fault smaller than this on the screen gets a ring around it, in pixels. */
const TINY = 18;

function createStyle() {
  const fill = new Fill({ color: hatching(COLOUR, 7) });
  const line = (width: number) => new Stroke({ color: COLOUR, width });
  const casing = new Style({ stroke: new Stroke({ color: "#fff", width: 6 }) });
  const ring = (radius: number, width: number) =>
    new Circle({ radius, stroke: line(width), fill: new Fill({ color: "rgba(154,52,18,.12)" }) });
  return (feature: Feature<Geometry>, resolution: number, isCurrent: boolean): Style[] => {
    const geometry = feature.getGeometry() as Geometry;
    const [west = 0, south = 0, east = 0, north = 0] = geometry.getExtent();
    const styles = [
      ...(isCurrent ? [casing] : []),
      new Style({ fill, stroke: line(isCurrent ? 3 : 1.6) }),
    ];
    if (Math.max(east - west, north - south) < TINY * resolution) {
      const middle = new PointGeometry([(west + east) / 2, (south + north) / 2]);
      styles.push(new Style({ geometry: middle, image: ring(isCurrent ? 15 : 11, 2.2) }));
    }
    return styles;
  };
}

export interface FaultToolOptions {
  context: ToolContext;
  kinds: readonly FaultKind[];
  hints: { none: Key; pick: Key; choose: (fault: Fault) => Key };
  /** What is asked at once when a fault is chosen. */
  first: (fault: Fault, remedies: readonly Remedy[]) => Edit | null;
  /** What a click on another grid means. */
  give: (fault: Fault, at: Point, code: string) => Edit | null;
}

export function createFaultTool(options: FaultToolOptions): Tool {
  const { context, kinds, hints, first, give } = options;
  const { map, ground } = context;
  const source = new VectorSource<Feature<Geometry>>();
  const style = createStyle();
  const layer = new VectorLayer({
    source,
    zIndex: 60,
    style: (feature, resolution) => {
      const isCurrent = feature.getId() === faultStore.getState().current?.id;
      return style(feature as Feature<Geometry>, resolution, isCurrent);
    },
  });
  let stops: (() => void)[] = [];

  function fill(): void {
    source.clear(true);
    for (const fault of faultsOf(kinds, faultStore.getState().all)) {
      const feature = new Feature<Geometry>(readGeometry(fault.problem.geometry) ?? undefined);
      feature.setId(fault.id);
      feature.set("fault", fault);
      source.addFeature(feature);
    }
  }

  function hint(): void {
    const { current, all, isLoading } = faultStore.getState();
    const count = faultsOf(kinds, all).length;
    if (isLoading && count === 0) say("fault.loading");
    else if (count === 0) say(hints.none);
    else if (current) say(hints.choose(current));
    else say(hints.pick, { n: count });
  }

  function show(fault: Fault): void {
    const geometry = source.getFeatureById(fault.id)?.getGeometry();
    if (!geometry) return;
    map.getView().fit(geometry.getExtent(), {
      padding: [120, 120, 120, 120],
      maxZoom: CLOSEST_ZOOM,
      duration: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    });
  }

  /** A fault was chosen in the list, with a key or on the map. */
  function begin(fault: Fault | null): void {
    withdraw();
    layer.changed();
    if (!fault) return hint();
    if (!faultStore.getState().at) {
      const geometry = source.getFeatureById(fault.id)?.getGeometry();
      const place =
        geometry instanceof Polygon || geometry instanceof MultiPolygon
          ? insideOf(geometry)
          : (geometry?.getExtent().slice(0, 2) ?? [0, 0]);
      faultStore.setState({ at: toLonLat(place) as Point });
      show(fault);
    }
    hint();
    const edit = first(fault, currentRemedies());
    if (edit) void ask(edit);
  }

  function faultAt(event: MapBrowserEvent): Fault | null {
    const found = map.getFeaturesAtPixel(event.pixel, {
      layerFilter: (one) => one === layer,
      hitTolerance: REACH,
    })[0];
    return (found?.get("fault") as Fault | undefined) ?? null;
  }

  function click(event: MapBrowserEvent): void {
    const { current, at } = faultStore.getState();
    const hit = faultAt(event);
    if (hit && hit.id !== current?.id) {
      const shape = source.getFeatureById(hit.id)?.getGeometry();
      const isInside = shape?.intersectsCoordinate(event.coordinate) ?? false;
      const place = isInside ? (toLonLat(event.coordinate) as Point) : null;
      faultStore.setState({ current: hit, at: place });
      return;
    }
    const code = ground.at(event.coordinate)?.get("code") as string | undefined;
    const edit = current && at && code && !hit ? give(current, at, code) : null;
    if (edit) void ask(edit);
  }

  function move(event: MapBrowserEvent): void {
    if (!event.dragging) setCursor(map, faultAt(event) ? "pointer" : "crosshair");
  }

  return {
    enter(): void {
      choose([]);
      pickFault(null);
      layer.setMap(map);
      map.on("click", click);
      map.on("pointermove", move);
      stops = [
        hush(map),
        faultStore.subscribe((now, before) => {
          if (now.all !== before.all) fill();
          // Read again it is another object: what is asked about it goes on.
          const isSame = now.current?.id === before.current?.id;
          if (!isSame || (now.current && !now.at)) begin(now.current);
          else if (now.all !== before.all || now.isLoading !== before.isLoading) hint();
        }),
        planStore.subscribe(({ plan }, before) => {
          if (plan?.revision !== before.plan?.revision) void loadFaults();
        }),
      ];
      fill();
      hint();
      void loadFaults();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.un("pointermove", move);
      layer.setMap(null);
      pickFault(null);
      setCursor(map, "");
    },
    ready: hint,
    key(event): boolean {
      const { current } = faultStore.getState();
      if (event.key.toUpperCase() === "N") nextFault(kinds);
      else if (event.key.toUpperCase() === "W" && current) nextRemedy();
      else return false;
      return true;
    },
    escape(): boolean {
      if (!faultStore.getState().current) return false;
      withdraw();
      pickFault(null);
      return true;
    },
  };

  /** Who gets it, one after the other. */
  function nextRemedy(): void {
    const remedies = currentRemedies();
    const { preview, refusal } = planStore.getState();
    const now = JSON.stringify(preview?.edit ?? refusal?.edit ?? null);
    const index = remedies.findIndex(({ edit }) => JSON.stringify(edit) === now);
    const next = remedies[(index + 1) % remedies.length];
    if (next) void ask(next.edit);
  }
}

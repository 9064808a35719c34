/** The answer on the map: its layers, what they mean, the way from the place that was clicked. */
import { useEffect, useRef } from "react";
import type { AccessResult, GapResult, RadiusResult } from "../../api/service";
import { useApp } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { serviceStore, setService, shownRun, useService } from "../../app/service";
import { store } from "../../app/state";
import {
  type AnswerLayer,
  type Clicked,
  createServiceLayers,
  type ServiceLayers,
} from "../../map/service";
import { isToolOn, planStore } from "../../plan/store";
import { followRuns, useResult, useRunLayer, useShownRun, useWay } from "./follow";
import { paintingOf } from "./painting";
import { ServiceLegend } from "./ServiceLegend";
import { WayCard } from "./WayCard";

/** Clicks are about the answer while its panel is open, and no tool has the map. */
const isListening = () =>
  store.getState().panel === "service" &&
  !store.getState().picking &&
  !isToolOn(planStore.getState()) &&
  shownRun(serviceStore.getState()) !== null;

function handleClick({ place, rank, area, center }: Clicked): void {
  if (!isListening()) return;
  const { tab } = serviceStore.getState();
  if (center) {
    setService({ place: null, ...(tab === "service_radius" ? { center } : {}) });
    return;
  }
  setService({
    place,
    ...(tab === "service_gaps" && rank !== null ? { rank } : {}),
    ...(tab === "service_radius" && area ? { center: area } : {}),
  });
}

/** Esc drops the way before anything else; Enter on the map asks for the way from its middle. */
function useKeys(layers: React.RefObject<ServiceLayers | null>): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, [role=dialog], [role=menu]")) return;
      if (event.key === "Escape" && serviceStore.getState().place) {
        setService({ place: null });
        event.preventDefault();
        event.stopPropagation();
      } else if (event.key === "Enter" && target?.id === "map" && isListening()) {
        const place = layers.current?.centre();
        if (place) setService({ place });
      }
    }
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [layers]);
}

function useLayers(layers: React.RefObject<ServiceLayers | null>): void {
  const tab = useService((state) => state.tab);
  const hidden = useService((state) => state.hidden);
  const { run } = useShownRun();
  const isGaps = tab === "service_gaps";
  const isRadius = tab === "service_radius";
  const collections: Record<AnswerLayer, object | null> = {
    reach: useRunLayer("reach", isGaps),
    areas: useRunLayer("areas", isGaps),
    unserved: useRunLayer("unserved", isGaps),
    service_areas: useRunLayer("service_areas", isRadius),
    // Without capacities everybody finds a place.
    overflow: useRunLayer("overflow", isRadius && run?.parameters.capacity === true),
  };
  const { reach, areas, unserved, service_areas: own, overflow } = collections;
  useEffect(() => layers.current?.show("reach", reach), [layers, reach]);
  useEffect(() => layers.current?.show("areas", areas), [layers, areas]);
  useEffect(() => layers.current?.show("unserved", unserved), [layers, unserved]);
  useEffect(() => layers.current?.show("service_areas", own), [layers, own]);
  useEffect(() => layers.current?.show("overflow", overflow), [layers, overflow]);
  useEffect(() => {
    for (const name of ["reach", "areas", "unserved", "service_areas", "overflow"] as const) {
      layers.current?.setVisible(name, !hidden.includes(name));
    }
  }, [layers, hidden]);
  useFocus(layers, areas, own);
}

function useFocus(
  layers: React.RefObject<ServiceLayers | null>,
  areas: object | null,
  own: object | null,
): void {
  const { tab, rank, center } = useService((state) => ({
    tab: state.tab,
    rank: state.rank,
    center: state.center,
  }));
  const result = useResult().data as GapResult | RadiusResult | AccessResult | undefined;
  useEffect(() => {
    const gap = result && "areas" in result && result.areas.find((area) => area.rank === rank);
    layers.current?.focusGap(rank, (gap && gap.site?.point) || null);
  }, [layers, result, areas, rank]);
  useEffect(() => layers.current?.focusCenter(center), [layers, own, center]);
  useEffect(() => {
    const centers = result && "centers" in result ? result.centers : [];
    const over = new Set(centers.filter(({ load }) => (load ?? 0) > 1).map(({ code }) => code));
    layers.current?.setOver((code) => over.has(code));
  }, [layers, result]);
  useEffect(() => {
    const isScored = tab === "accessibility" && result && "breaks" in result;
    setService({ painted: isScored ? paintingOf(result) : null });
  }, [tab, result]);
  useEffect(() => () => setService({ painted: null }), []);
}

export default function ServiceOnMap() {
  const layers = useRef<ServiceLayers | null>(null);
  useEffect(() => {
    const map = theMap();
    if (!map) return;
    const made = createServiceLayers(map, handleClick);
    layers.current = made;
    return () => {
      layers.current = null;
      made.dispose();
    };
  }, []);
  useEffect(followRuns, []);
  useKeys(layers);
  useLayers(layers);
  const { place, data: way } = useWay();
  useEffect(() => layers.current?.showWay(place, way?.line ?? null), [place, way]);
  const { run } = useShownRun();
  const isOpen = useApp((state) => state.panel === "service");
  if (run?.state !== "done") return null;
  return (
    <div className="service-on-map">
      <ServiceLegend run={run} isOpen={isOpen} />
      <WayCard />
    </div>
  );
}

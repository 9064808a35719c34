/** Mounts the map and keeps it in step with the store. */
import { useEffect, useRef, useState } from "react";
import { fetchHealth } from "../api/endpoints";
import type { Workspace } from "../api/types";
import { distanceClasses, householdClasses, residentClasses } from "../map/classes";
import { createMap, type WanggeMap } from "../map/map";
import { colourByNumber, colourByScore, colourByStatus } from "../map/styles";
import type { Hover } from "../modes/select";
import { HoverCard } from "./HoverCard";
import { useApp, useT } from "./hooks";
import { holdMap } from "./mapHolder";
import { useSelected } from "./selected";
import { useService } from "./service";
import { select, set, setLayer } from "./state";
import { isToolOn, planStore } from "../plan/store";
import { watchOutages } from "./watcher";
import { askWhere } from "./whatIsHere";

function useColouring(map: WanggeMap | null, workspace: Workspace): void {
  const colouring = useApp((state) => state.colouring);
  const painted = useService((state) => state.painted);
  useEffect(() => {
    if (!map) return;
    const breaks = workspace.household_classes;
    if (painted) {
      map.setGridColour(colourByScore(painted.scores, painted.classes));
    } else if (colouring === "households") {
      map.setGridColour(colourByNumber("households", householdClasses(breaks)));
    } else if (colouring === "residents") {
      map.setGridColour(colourByNumber("residents", residentClasses(breaks)));
    } else if (colouring === "profile_status") {
      map.setGridColour(colourByStatus);
    } else {
      map.setGridColour(colourByNumber("center_max_m", distanceClasses()));
    }
  }, [map, colouring, painted, workspace.household_classes]);
}

/** Natural villages lie beneath the grids, switched off; where there are no grids they are the map. */
function useNaturalVillages(workspace: Workspace): void {
  const { grids, natural_villages: villages } = workspace.layers;
  const alone = grids.count === 0 && villages.count > 0;
  useEffect(() => {
    if (alone) setLayer("natural_villages", { visible: true });
  }, [alone]);
}

function useOverlays(map: WanggeMap | null): void {
  const selected = useSelected().data;
  const { selection, problems, index, problemPlace, picked } = useApp((state) => ({
    selection: state.selection,
    problems: state.problems,
    index: state.problemIndex,
    problemPlace: state.problemPlace,
    picked: state.picked,
  }));

  useEffect(() => {
    const geometry =
      selection?.kind === "cluster"
        ? { type: "Point", coordinates: selection.point }
        : selection
          ? (selected?.data.geometry ?? null)
          : null;
    map?.overlays.showSelection(geometry);
  }, [map, selection, selected]);
  useEffect(() => {
    const geometry = problemPlace ?? (index === null ? null : (problems[index]?.geometry ?? null));
    map?.overlays.showProblem(geometry);
  }, [map, problems, index, problemPlace]);
  useEffect(() => map?.overlays.showPicked(picked), [map, picked]);
}

export default function MapView({ workspace }: { workspace: Workspace }) {
  const t = useT();
  const target = useRef<HTMLDivElement>(null);
  const scale = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<WanggeMap | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const [loading, setLoading] = useState(true);
  const { layers, lines, picking, hovered } = useApp((state) => ({
    layers: state.layers,
    lines: state.lines,
    picking: state.picking,
    hovered: state.hovered,
  }));
  const first = useRef(workspace);

  useEffect(() => {
    if (!target.current || !scale.current) return;
    const created = createMap({
      target: target.current,
      scaleTarget: scale.current,
      workspace: first.current,
      onSelect: select,
      onPick: (picked) => set({ picked, picking: false }),
      onHover: (found) => {
        setHover(found);
        const code = found?.layer === "grids" ? String(found.properties.code) : null;
        set({ hovered: code });
      },
      onView: (view) => set({ view }),
      onPointer: (pointer) => set({ pointer }),
      // A failed tile may be one bad tile or the whole server: health tells which.
      onTileError: () => void fetchHealth().catch(() => undefined),
      onLoading: setLoading,
    });
    created.fitCounty(0);
    setMap(created);
    holdMap(created);
    const resize = new ResizeObserver(() => created.updateSize());
    resize.observe(target.current);
    const stop = watchOutages(() => created.reload());
    const stopAsking = askWhere(created);
    return () => {
      stop();
      stopAsking();
      resize.disconnect();
      holdMap(null);
      created.dispose();
    };
  }, []);

  useEffect(() => map?.setWorkspace(workspace), [map, workspace]);
  useEffect(() => map?.setLines(lines), [map, lines]);
  useEffect(() => {
    if (!map) return;
    for (const [id, view] of Object.entries(layers)) {
      map.setLayerView(id as keyof typeof layers, view.visible, view.opacity);
    }
    map.settle();
  }, [map, layers]);
  useEffect(() => map?.setPicking(picking), [map, picking]);
  useEffect(() => map?.highlight(hovered), [map, hovered]);
  useColouring(map, workspace);
  useNaturalVillages(workspace);
  useOverlays(map);

  return (
    <>
      <section
        id="map"
        ref={target}
        className="map"
        tabIndex={0}
        aria-label={t("map.label")}
        data-loading={loading}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.target !== event.currentTarget) return;
          // While something is drawn or previewed, Enter belongs to the tool.
          if (isToolOn(planStore.getState())) return;
          map?.selectCentre();
        }}
      />
      <div className="crosshair" aria-hidden="true" />
      <div ref={scale} className="scale" />
      {hover && <HoverCard hover={hover} />}
    </>
  );
}

/** The suggestions on the map: units by what becomes of them, groups outlined, linked with the list. */
import { useEffect, useRef } from "react";
import type { MergeResult } from "../../api/merges";
import { useApp } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { mergesStore, setMerges, useMerges } from "../../app/merges";
import { store } from "../../app/state";
import {
  createMergeLayers,
  type MergeLayer,
  type MergeLayers,
  type Pointed,
} from "../../map/merges";
import type { GroupSign } from "../../map/mergeStyles";
import { isToolOn, planStore } from "../../plan/store";
import { followRuns } from "../service/follow";
import { useApplied } from "./accept";
import { isPinned, isRejected, useDecisions } from "./decisions";
import { useMergeLayer, useMergeResult, useMergeRun } from "./follow";
import { MergesLegend } from "./MergesLegend";
import { TriedLegend } from "./TriedLegend";

/** The pointer is about suggestions while their panel is open, and no tool has the map. */
const isListening = () =>
  store.getState().panel === "merges" &&
  !store.getState().picking &&
  !isToolOn(planStore.getState());

function handleClick(pointed: Pointed | null): void {
  if (!isListening() || !pointed) return;
  const { unit, state, group } = pointed;
  if (group !== null) setMerges({ list: "groups", group, unit: null });
  else if (state === "above") setMerges({ list: "above", unit, group: null });
  else if (state !== "within") setMerges({ list: "left", unit, group: null });
}

/** What the pointer was last over on the map. */
let onMap: string | null = null;

function handleHover(pointed: Pointed | null): void {
  const hovered = isListening() ? (pointed?.group ?? pointed?.unit ?? null) : null;
  const before = onMap;
  onMap = hovered;
  // Whoever goes from the map to a list is over its row before the map is told of leaving.
  if (hovered === null && mergesStore.getState().hovered !== before) return;
  if (hovered !== mergesStore.getState().hovered) setMerges({ hovered });
}

/** Esc lets go of the group or unit in focus before anything else. */
function useEscape(): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const target = event.target as HTMLElement | null;
      if (event.key !== "Escape" || !isListening()) return;
      if (target?.closest("input, textarea, [role=dialog], [role=menu]")) return;
      const { group, unit } = mergesStore.getState();
      if (group === null && unit === null) return;
      setMerges({ group: null, unit: null });
      event.preventDefault();
      event.stopPropagation();
    }
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, []);
}

/** What has been decided about each group, as the map shows it. */
function useSigns(result: MergeResult | undefined): (id: string) => GroupSign | null {
  const applied = useApplied();
  const decisions = useDecisions();
  const members = new Map(
    (result?.groups ?? []).map((group) => [group.id, group.members.map(({ code }) => code)]),
  );
  return (id) => {
    if (applied.has(id)) return "applied";
    const codes = members.get(id) ?? [];
    if (isPinned(decisions, codes)) return "pinned";
    return isRejected(decisions, codes) ? "rejected" : null;
  };
}

function useLayers(layers: React.RefObject<MergeLayers | null>): void {
  const units = useMergeLayer("units");
  const groups = useMergeLayer("groups");
  const result = useMergeResult().data;
  const signOf = useSigns(result);
  const { group, unit, hovered, hidden, tried } = useMerges((state) => ({
    tried: state.tried,
    group: state.group,
    unit: state.unit,
    hovered: state.hovered,
    hidden: state.hidden,
  }));
  useEffect(() => layers.current?.show("units", units), [layers, units]);
  useEffect(() => layers.current?.show("groups", groups), [layers, groups]);
  useEffect(() => {
    for (const name of ["units", "groups"] satisfies MergeLayer[]) {
      layers.current?.setVisible(name, !tried && !hidden.includes(name));
    }
    layers.current?.tryOut(tried, !hidden.includes("tried"));
  }, [layers, hidden, tried]);
  const signs = JSON.stringify(result?.groups.map(({ id }) => signOf(id)));
  useEffect(() => {
    layers.current?.setSigns(signOf);
    // A new function with every drawing; what it says is what matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [layers, signs]);
  useEffect(() => layers.current?.focus(group, unit), [layers, units, groups, group, unit]);
  useEffect(() => {
    const isGroup = result?.groups.some(({ id }) => id === hovered) ?? false;
    layers.current?.hover(isGroup ? hovered : null, hovered);
  }, [layers, result, hovered]);
}

export default function MergesOnMap() {
  const layers = useRef<MergeLayers | null>(null);
  useEffect(() => {
    const map = theMap();
    if (!map) return;
    const made = createMergeLayers(map, { onClick: handleClick, onHover: handleHover });
    layers.current = made;
    return () => {
      layers.current = null;
      made.dispose();
    };
  }, []);
  useEffect(followRuns, []);
  useEscape();
  useLayers(layers);
  const { run } = useMergeRun();
  const isOpen = useApp((state) => state.panel === "merges");
  const tried = useMerges((state) => state.tried);
  if (!tried && run?.state !== "done") return null;
  return (
    <div className="service-on-map merges-on-map">
      {tried && <TriedLegend tried={tried} />}
      {!tried && run && <MergesLegend run={run} isOpen={isOpen} />}
    </div>
  );
}

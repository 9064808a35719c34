/** Lock and unlock: a click turns the lock of a grid, with Shift that of its village. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { ApiError } from "../api/client";
import { type Edit, previewEdit } from "../api/plans";
import { setCursor } from "../modes/mode";
import { type Lockable, lockStore, toggleGrid, toggleVillage } from "../plan/locks";
import { fail, make } from "../plan/session";
import { planStore, say } from "../plan/store";
import { hush } from "./hush";
import type { CreateTool } from "./tool";

export const createLock: CreateTool = ({ map, ground }) => {
  let stops: (() => void)[] = [];
  let isBusy = false;

  const all = () => ground.source.getFeatures().map((grid) => grid.getProperties() as Lockable);

  function look(): void {
    const view = map.getView().calculateExtent(map.getSize());
    const inView = ground.isFine()
      ? ground.source.getFeaturesInExtent(view).map((grid) => grid.getProperties() as Lockable)
      : [];
    lockStore.setState({ inView: inView.filter(({ editable }) => editable) });
  }

  function hint(): void {
    say(ground.isFine() ? "lock.hint" : "village.closer");
  }

  /** A grid of a locked village stays locked: say so instead of writing what changes nothing. */
  async function staysLocked(edit: Edit, code: string): Promise<boolean> {
    const { plan } = planStore.getState();
    if (!plan || edit.type !== "unlock") return false;
    try {
      const answer = await previewEdit(plan.id, edit, plan.revision);
      return answer.changed.find((grid) => grid.code === code)?.locked ?? true;
    } catch (error) {
      if (error instanceof ApiError && error.key === "no_change") return true;
      throw error;
    }
  }

  async function turn(grid: Lockable, isVillage: boolean): Promise<void> {
    const edit = isVillage ? toggleVillage(grid, all()) : toggleGrid(grid);
    const code = grid.code.slice(-3);
    try {
      if (!isVillage && (await staysLocked(edit, grid.code))) return say("lock.byVillage");
    } catch (error) {
      const { plan } = planStore.getState();
      if (plan) fail(error, edit, plan);
      return;
    }
    if (!(await make(edit))) return;
    if (isVillage) say(grid.locked ? "lock.villageFree" : "lock.villageDone");
    else say(grid.locked ? "lock.free" : "lock.done", { grid: code });
  }

  function click(event: MapBrowserEvent): void {
    const grid = ground.at(event.coordinate)?.getProperties() as Lockable | undefined;
    if (!grid?.editable) return say(ground.isFine() ? "tool.outside" : "village.closer");
    if (isBusy) return;
    isBusy = true;
    const isVillage = Boolean((event.originalEvent as MouseEvent).shiftKey);
    void turn(grid, isVillage).finally(() => {
      isBusy = false;
    });
  }

  function moved(): void {
    look();
    hint();
  }

  return {
    enter(): void {
      setCursor(map, "pointer");
      map.on("click", click);
      map.on("moveend", moved);
      stops = [hush(map), ground.watch(look)];
      moved();
    },
    exit(): void {
      for (const stop of stops) stop();
      map.un("click", click);
      map.un("moveend", moved);
      lockStore.setState({ inView: [] });
      setCursor(map, "");
    },
    ready: hint,
  };
};

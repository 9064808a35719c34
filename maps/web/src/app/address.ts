/** The address that is asked about, and which of its candidates is looked at. */
import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore } from "zustand/vanilla";
import { type AddressAnswer, type AddressCandidate, searchAddress } from "../api/addresses";
import { keyOf } from "../api/lines";
import type { Bbox } from "../api/types";
import { useApp } from "./hooks";
import { theMap } from "./mapHolder";
import { set } from "./state";

export const ADDRESS_TABS = ["look", "table", "reports"] as const;
export type AddressTab = (typeof ADDRESS_TABS)[number];

export interface AddressState {
  tab: AddressTab;
  /** What is asked; empty: nothing. */
  query: string;
  /** Counts the questions, so that the same one moves the map again. */
  asked: number;
  /** Candidate in focus, by its place in the list. */
  focus: number | null;
}

export const addressStore = createStore<AddressState>(() => ({
  tab: "look",
  query: "",
  asked: 0,
  focus: null,
}));
export const setAddress = addressStore.setState;

export function useAddress<T>(pick: (state: AddressState) => T): T {
  return useStore(addressStore, useShallow(pick));
}

/** Ask which grid an address is in, and open its answer. */
export function askAddress(text: string): void {
  const query = text.trim();
  if (query === "") return;
  setAddress(({ asked }) => ({ tab: "look", query, asked: asked + 1, focus: null }));
  set({ panel: "lookup" });
}

export const closeAnswer = () => setAddress({ query: "", focus: null });

/** Candidates as they are listed and numbered: where most households are comes first. */
export function inOrder(candidates: readonly AddressCandidate[]): AddressCandidate[] {
  return [...candidates].sort((one, other) => (other.households ?? 0) - (one.households ?? 0));
}

/** The box around the candidates that have a place. */
export function boxAround(candidates: readonly AddressCandidate[]): Bbox | null {
  const points = candidates.map(({ point }) => point).filter((point) => point !== null);
  if (points.length === 0) return null;
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The answer to the question; drafts and days have answers of their own. */
export function useAnswer() {
  const lines = useApp((state) => state.lines);
  const query = useAddress((state) => state.query);
  return useQuery<AddressAnswer>({
    queryKey: ["address", query, keyOf(lines)],
    enabled: query !== "",
    queryFn: async ({ signal }) => {
      const answer = await searchAddress(query, lines, signal);
      return { ...answer, candidates: inOrder(answer.candidates) };
    },
  });
}

/** Outline the grid of an answer; the inspector stays as it is, open or folded. */
function outline(code: string | undefined): void {
  set({ selection: code === undefined ? null : { kind: "grids", id: code }, problemPlace: null });
}

/** Bring the place of an answer into sight. */
export function showAnswer({ status, point, grid, candidates }: AddressAnswer): void {
  // The grid of the answer before must not be taken for this one's.
  outline(status === "ok" ? grid?.code : undefined);
  if (status === "ok" && point) theMap()?.panTo(point, 15);
  if (status !== "ambiguous") return;
  const box = boxAround(candidates);
  if (box) theMap()?.fit(box, 15);
}

/** Bring one candidate into sight and outline its grid. */
export function showCandidate(candidate: AddressCandidate, index: number): void {
  setAddress({ focus: index });
  if (candidate.point) theMap()?.panTo(candidate.point, 15);
  outline(candidate.grid?.code);
}

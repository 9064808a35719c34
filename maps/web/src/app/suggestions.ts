/** Where a completion leads: to the thing it names, or to the answer of an address. */
import { fetchThing } from "../api/endpoints";
import type { Suggestion } from "../api/addresses";
import { boxOf } from "../panels/ProblemList";
import { askAddress } from "./address";
import { theMap } from "./mapHolder";
import { select } from "./state";

type PlaceKind = "divisions" | "natural_villages";

const PLACES: Partial<Record<Suggestion["kind"], PlaceKind>> = {
  county: "divisions",
  township: "divisions",
  village: "divisions",
  natural_village: "natural_villages",
};

/** Show a whole place; names without an outline are shown by a household in their middle. */
async function goTo(kind: PlaceKind, { code, point, bbox }: Suggestion): Promise<void> {
  const thing = bbox ? null : await fetchThing(kind, code).catch(() => null);
  const box = bbox ?? thing?.bbox ?? boxOf(thing?.geometry ?? null);
  if (box) theMap()?.fit(box);
  else if (point) theMap()?.panTo(point);
}

export async function openSuggestion(suggestion: Suggestion): Promise<void> {
  const { kind, code, text, point, bbox } = suggestion;
  if (kind === "address") {
    askAddress(text);
    return;
  }
  const place = PLACES[kind];
  if (place) {
    select({ kind: place, id: code });
    await goTo(place, suggestion);
    return;
  }
  if (bbox) theMap()?.fit(bbox);
  else if (point) theMap()?.panTo(point);
  select({ kind: kind === "grid" ? "grids" : "centers", id: code });
}

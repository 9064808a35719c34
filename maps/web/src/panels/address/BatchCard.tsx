/** A table of addresses: hand it in, watch it being answered, take it home. */
import { useBatch } from "../../app/batch";
import { BatchProgress } from "./BatchProgress";
import { BatchStart } from "./BatchStart";

export function BatchCard() {
  const id = useBatch((state) => state.id);
  return id === null ? <BatchStart /> : <BatchProgress />;
}

/** The draft's grids of a village: names for codes, and who is beside whom. */
import { useQuery } from "@tanstack/react-query";
import { fetchVillageGrids } from "../../../api/plans";
import { usePlan } from "../../../app/hooks";
import { planKey } from "../../../app/openPlan";

export function useVillageGrids(village: string | null) {
  const { id, revision } = usePlan(({ plan }) => ({
    id: plan?.id ?? "",
    revision: plan?.revision ?? 0,
  }));
  return useQuery({
    queryKey: [...planKey(id, "village"), village, revision],
    enabled: Boolean(id && village),
    queryFn: () => fetchVillageGrids(id, village ?? ""),
  }).data?.features;
}

/** What is here: the grid and the divisions of a place, and the registered addresses nearest to it. */
import { ActionIcon, Alert } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { fetchNearAddresses } from "../../api/addresses";
import { keyOf } from "../../api/lines";
import type { Point } from "../../api/types";
import { askAddress } from "../../app/address";
import { useApp, useSentence, useT } from "../../app/hooks";
import { set } from "../../app/state";
import { coordinates, length, spacedCode } from "../../i18n/format";
import { Card, Fact, Facts, Hint } from "../parts";
import { GridLink } from "./GridLink";

export function PickedPlace({ point }: { point: Point }) {
  const t = useT();
  const sentence = useSentence();
  const lines = useApp((state) => state.lines);
  const { data, error } = useQuery({
    queryKey: ["near-addresses", point, keyOf(lines)],
    queryFn: ({ signal }) => fetchNearAddresses(point, lines, signal),
  });
  if (error) {
    return (
      <Alert color="orange" role="alert">
        {sentence(error)}
      </Alert>
    );
  }
  return (
    <Card
      title={t("address.here")}
      aside={
        <ActionIcon
          variant="subtle"
          color="gray.7"
          aria-label={t("address.here.close")}
          onClick={() => set({ picked: null })}
        >
          <IconX size={16} />
        </ActionIcon>
      }
    >
      <Facts>
        <Fact name={t("map.crs")}>{coordinates(point)}</Fact>
        {data?.grid && (
          <>
            <Fact name={t("lookup.grid")}>
              <GridLink grid={data.grid} />
            </Fact>
            <Fact name={t("table.code")}>{spacedCode(data.grid.code)}</Fact>
          </>
        )}
        {data?.village && <Fact name={t("inspector.village")}>{data.village.name}</Fact>}
        {data?.township && <Fact name={t("inspector.township")}>{data.township.name}</Fact>}
      </Facts>
      {data && !data.grid && <Hint>{t("lookup.noGrid")}</Hint>}
      {data && data.addresses.length > 0 && (
        <>
          <h4>{t("address.near")}</h4>
          <ul className="plain-list near-addresses">
            {data.addresses.map(({ matched_address: address, distance_m }, index) => (
              <li key={index}>
                <button type="button" className="link" onClick={() => askAddress(address)}>
                  {address}
                </button>
                <span className="figures">{length(distance_m)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

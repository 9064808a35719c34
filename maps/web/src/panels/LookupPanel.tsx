/** Which grid is this: by address, by a click, by coordinates. */
import { Alert, Badge, Button, TextInput } from "@mantine/core";
import { IconPointer } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AddressAnswer, Named } from "../api/analysis";
import { fetchGridAt, searchAddress } from "../api/endpoints";
import { keyOf } from "../api/lines";
import type { Point } from "../api/types";
import { useApp, useSentence, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { select, set, store } from "../app/state";
import { coordinates, parseCoordinates, spacedCode } from "../i18n/format";
import { Card, Fact, Facts, Hint, PanelTitle } from "./parts";

const STATUS_COLOUR = { ok: "green", ambiguous: "yellow", none: "gray" } as const;

function show(point: Point): void {
  set({ picked: point });
  theMap()?.panTo(point);
}

function GridLink({ grid }: { grid: Named }) {
  return (
    <button
      type="button"
      className="link figures"
      onClick={() => select({ kind: "grids", id: grid.code })}
    >
      {grid.name || spacedCode(grid.code)}
    </button>
  );
}

function Answer({ answer }: { answer: AddressAnswer }) {
  const t = useT();
  const { point } = answer;
  return (
    <Card>
      <Badge
        color={STATUS_COLOUR[answer.status]}
        variant="light"
        tt="none"
        data-status={answer.status}
      >
        {t(`lookup.status.${answer.status}`)}
      </Badge>
      {answer.status === "none" && <Hint>{t("lookup.noneHint")}</Hint>}
      <Facts>
        {answer.grid && (
          <Fact name={t("lookup.grid")}>
            <GridLink grid={answer.grid} />
          </Fact>
        )}
        {answer.grid && <Fact name={t("table.code")}>{spacedCode(answer.grid.code)}</Fact>}
        {answer.matched_address && (
          <Fact name={t("lookup.matched")} long>
            {answer.matched_address}
          </Fact>
        )}
        {answer.level && <Fact name={t("lookup.level")}>{t(`lookup.level.${answer.level}`)}</Fact>}
      </Facts>
      {point && (
        <Button variant="light" mt="xs" onClick={() => show(point)}>
          {t("lookup.show")}
        </Button>
      )}
      {answer.status === "ambiguous" && answer.grids.length > 0 && (
        <>
          <h4>{t("lookup.candidateGrids")}</h4>
          <ul className="plain-list">
            {answer.grids.slice(0, 20).map((grid) => (
              <li key={grid.code}>
                <GridLink grid={grid} />
              </li>
            ))}
          </ul>
        </>
      )}
      {answer.status !== "ok" && answer.candidates.length > 0 && (
        <>
          <h4>{t("lookup.candidates")}</h4>
          <ul className="plain-list">
            {answer.candidates.map((candidate) => (
              <li key={candidate.matched_address}>
                {candidate.point ? (
                  <button
                    type="button"
                    className="link"
                    onClick={() => candidate.point && show(candidate.point)}
                  >
                    {candidate.matched_address}
                  </button>
                ) : (
                  candidate.matched_address
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function PickedPlace({ point }: { point: Point }) {
  const t = useT();
  const sentence = useSentence();
  const lines = useApp((state) => state.lines);
  const { data, error } = useQuery({
    queryKey: ["grid-at", point, keyOf(lines)],
    queryFn: () => fetchGridAt(point[0], point[1], lines),
  });
  if (error) return <Alert color="orange">{sentence(error)}</Alert>;
  return (
    <Card title={t("lookup.point")}>
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
    </Card>
  );
}

export default function LookupPanel() {
  const t = useT();
  const sentence = useSentence();
  const { picking, picked } = useApp((state) => ({
    picking: state.picking,
    picked: state.picked,
  }));
  const [address, setAddress] = useState("");
  const [typed, setTyped] = useState("");
  const [bad, setBad] = useState(false);
  const search = useMutation({
    mutationFn: (text: string) => searchAddress(text, store.getState().lines),
    onSuccess: (answer) => {
      if (answer.point) show(answer.point);
    },
  });

  function lookUpCoordinates(): void {
    const point = parseCoordinates(typed);
    setBad(point === null);
    if (point) show(point);
  }

  return (
    <>
      <PanelTitle>{t("lookup.title")}</PanelTitle>
      <Card>
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (address.trim()) search.mutate(address.trim());
          }}
        >
          <TextInput
            label={t("lookup.address")}
            placeholder={t("lookup.addressHint")}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <Button type="submit" loading={search.isPending}>
            {t("lookup.search")}
          </Button>
        </form>
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            lookUpCoordinates();
          }}
        >
          <TextInput
            label={t("lookup.coordinates")}
            placeholder={t("lookup.coordinatesHint")}
            error={bad && t("lookup.coordinatesBad")}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="light">
            {t("lookup.search")}
          </Button>
        </form>
        <Button
          mt="sm"
          variant={picking ? "filled" : "default"}
          leftSection={<IconPointer size={15} />}
          aria-pressed={picking}
          onClick={() => set({ picking: !picking })}
        >
          {t("lookup.click")}
        </Button>
      </Card>
      {search.error && <Alert color="orange">{sentence(search.error)}</Alert>}
      {search.data && <Answer answer={search.data} />}
      {picked && <PickedPlace point={picked} />}
    </>
  );
}

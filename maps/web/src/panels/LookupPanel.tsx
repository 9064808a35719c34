/** Which grid is this: by address, by a click, by coordinates; tables of addresses; wrong answers. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconPointer } from "@tabler/icons-react";
import { useState } from "react";
import { ADDRESS_TABS, askAddress, setAddress, useAddress } from "../app/address";
import { useApp, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { set } from "../app/state";
import { parseCoordinates } from "../i18n/format";
import { AnswerCard } from "./address/AnswerCard";
import { BatchCard } from "./address/BatchCard";
import { PickedPlace } from "./address/PickedPlace";
import { ReportList } from "./address/ReportList";
import { Card, Hint, PanelTitle } from "./parts";

function AddressField() {
  const t = useT();
  const { query, asked } = useAddress((state) => ({ query: state.query, asked: state.asked }));
  return (
    <form
      // What is asked elsewhere, in the search box say, is shown here as well.
      key={`${asked}/${query}`}
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get("address");
        if (typeof typed === "string") askAddress(typed);
      }}
    >
      <TextInput
        name="address"
        label={t("lookup.address")}
        placeholder={t("lookup.addressHint")}
        defaultValue={query}
        autoComplete="off"
      />
      <Button type="submit">{t("lookup.search")}</Button>
    </form>
  );
}

function PlaceFields() {
  const t = useT();
  const picking = useApp((state) => state.picking);
  const [typed, setTyped] = useState("");
  const [bad, setBad] = useState(false);

  function lookUp(): void {
    const point = parseCoordinates(typed);
    setBad(point === null);
    if (!point) return;
    set({ picked: point });
    theMap()?.panTo(point);
  }

  return (
    <>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          lookUp();
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
        variant={picking ? "filled" : "default"}
        leftSection={<IconPointer size={15} />}
        aria-pressed={picking}
        onClick={() => set({ picking: !picking })}
      >
        {t("lookup.click")}
      </Button>
      <Hint>{t("address.rightClick")}</Hint>
    </>
  );
}

function Look() {
  const picked = useApp((state) => state.picked);
  return (
    <>
      <Card>
        <AddressField />
      </Card>
      <AnswerCard />
      {picked && <PickedPlace point={picked} />}
      <Card>
        <PlaceFields />
      </Card>
    </>
  );
}

const TABS = { look: Look, table: BatchCard, reports: ReportList };

export default function LookupPanel() {
  const t = useT();
  const tab = useAddress((state) => state.tab);
  const Tab = TABS[tab];
  return (
    <>
      <PanelTitle>{t("lookup.title")}</PanelTitle>
      <SegmentedControl
        fullWidth
        size="xs"
        mb="sm"
        aria-label={t("address.tabs")}
        value={tab}
        data={ADDRESS_TABS.map((value) => ({ value, label: t(`address.tab.${value}`) }))}
        onChange={(value) => setAddress({ tab: value })}
      />
      <Tab />
    </>
  );
}

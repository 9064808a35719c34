/** What did I click. */
import { ActionIcon, Button, Skeleton, Text, Tooltip } from "@mantine/core";
import { IconFocusCentered, IconX } from "@tabler/icons-react";
import { useApp, useSentence, useT } from "../app/hooks";
import { theMap } from "../app/mapHolder";
import { useSelected } from "../app/selected";
import { select, set } from "../app/state";
import { count } from "../i18n/format";
import { CountyInspector } from "./CountyInspector";
import { GridInspector } from "./GridInspector";
import { boxOf } from "./ProblemList";
import { Facts, Fact, Hint, Card } from "./parts";
import { ThingInspector } from "./ThingInspector";

function Content() {
  const t = useT();
  const sentence = useSentence();
  const selection = useApp((state) => state.selection);
  const { data, error, isPending, refetch } = useSelected();
  if (!selection) return <CountyInspector />;
  if (selection.kind === "cluster") {
    return (
      <>
        <h2 className="inspector-name">
          {t("inspector.clusterTitle", { n: count(selection.count) })}
        </h2>
        <Text size="sm" c="gray.7">
          {t("kind.households")}
        </Text>
        <Card>
          <Facts>
            <Fact name={t("table.residents")}>{count(selection.residents)}</Fact>
          </Facts>
          <Hint>{t("inspector.cluster")}</Hint>
          <Button variant="light" mt="xs" onClick={() => theMap()?.panTo(selection.point, 16.2)}>
            {t("inspector.zoom")}
          </Button>
        </Card>
      </>
    );
  }
  if (error) {
    return (
      <div role="alert">
        <Text size="sm">{sentence(error)}</Text>
        <Button variant="light" mt="xs" onClick={() => void refetch()}>
          {t("app.retry")}
        </Button>
      </div>
    );
  }
  if (isPending || !data) return <Skeleton height={260} />;
  if (data.kind === "grids") return <GridInspector grid={data.data} />;
  return <ThingInspector kind={data.kind} thing={data.data} />;
}

export function Inspector() {
  const t = useT();
  const selected = useSelected().data;
  const chosen = useApp((state) => state.selection !== null);
  const box = selected?.data.bbox ?? boxOf(selected?.data.geometry ?? null);
  return (
    <aside className="inspector" aria-label={t("inspector.title")}>
      <div className="inspector-tools">
        {chosen && box && (
          <Tooltip label={t("inspector.zoom")}>
            <ActionIcon
              variant="subtle"
              color="gray.7"
              aria-label={t("inspector.zoom")}
              onClick={() => theMap()?.fit(box)}
            >
              <IconFocusCentered size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        <ActionIcon
          variant="subtle"
          color="gray.7"
          aria-label={t("inspector.fold")}
          onClick={() => {
            select(null);
            set({ inspector: false });
          }}
        >
          <IconX size={18} />
        </ActionIcon>
      </div>
      <Content />
    </aside>
  );
}

/** One screen, five places: top bar, rail, panel, map, inspector, and the drawer beneath the map. */
import { Alert, Button, Loader } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useStore } from "zustand";
import { fetchWorkspace } from "../api/endpoints";
import { Inspector } from "../panels/Inspector";
import { LayersPanel } from "../panels/LayersPanel";
import { Legend } from "../panels/Legend";
import { languageWasChosen, set, showLanguage, type State } from "./state";
import { MapCorner } from "./MapCorner";
import { useAddress } from "./address";
import { followBatch } from "./batch";
import { useCompare } from "./comparison";
import { OldLinesMark } from "./DateControl";
import MapView from "./MapView";
import { titleOf, useApp, usePlan, useSentence, useT } from "./hooks";
import { followServer } from "./live";
import { followPlan } from "./openPlan";
import { followMerges, useMerges } from "./merges";
import { printedStore } from "./printed";
import { PrintFoot, PrintHead } from "./PrintSheet";
import { Rail } from "./Rail";
import { followService, shownRun, useService } from "./service";
import { focusMap, handleKey } from "./shortcuts";
import { TopBar } from "./TopBar";

const PlanPanel = lazy(() => import("../panels/plan/PlanPanel"));
const PlanOnMap = lazy(() => import("../panels/plan/PlanOnMap"));
const ComparePanel = lazy(() => import("../panels/compare/ComparePanel"));
const CompareOnMap = lazy(() => import("../panels/compare/CompareOnMap"));
const PrintedComparison = lazy(() => import("./PrintedComparison"));
const ServicePanel = lazy(() => import("../panels/service/ServicePanel"));
const ServiceOnMap = lazy(() => import("../panels/service/ServiceOnMap"));
const MergesPanel = lazy(() => import("../panels/merges/MergesPanel"));
const MergesOnMap = lazy(() => import("../panels/merges/MergesOnMap"));
const LookupPanel = lazy(() => import("../panels/LookupPanel"));
const AddressOnMap = lazy(() => import("../panels/address/AddressOnMap"));
const DataPanel = lazy(() => import("../panels/DataPanel"));
const GridTable = lazy(() => import("../panels/GridTable"));
const HelpDialog = lazy(() => import("./HelpDialog"));
const PrintDialog = lazy(() => import("./PrintDialog"));

const PANELS = {
  layers: LayersPanel,
  plan: PlanPanel,
  service: ServicePanel,
  merges: MergesPanel,
  lookup: LookupPanel,
  data: DataPanel,
};

/** Tables want room: the panel of data while a file is read, those of answers always, more if asked. */
function widthOf(panel: State["panel"], wide: boolean): string {
  if (!panel) return "closed";
  if (panel === "service" || panel === "merges") return wide ? "tables" : "broad";
  return wide && panel === "data" ? "wide" : "open";
}

function Waiting() {
  return (
    <div className="waiting">
      <Loader size="sm" />
    </div>
  );
}

function Outage() {
  const t = useT();
  const reachable = useApp((state) => state.reachable);
  if (reachable) return null;
  return (
    <div className="outage" role="alert">
      <IconPlugConnectedX size={18} aria-hidden />
      <strong>{t("offline.title")}</strong>
      <span>{t("offline.body")}</span>
      <Loader size={14} color="orange.9" />
    </div>
  );
}

export function Shell() {
  const t = useT();
  const sentence = useSentence();
  const { panel, panelWide, inspector, language, dialog } = useApp((state) => ({
    panel: state.panel,
    panelWide: state.panelWide,
    inspector: state.inspector,
    language: state.language,
    dialog: state.dialog,
  }));
  const planOpen = usePlan((state) => state.plan !== null);
  const answer = useService(shownRun);
  const merges = useMerges((state) => state.run ?? null);
  const asking = useAddress((state) => state.query !== "");
  const comparing = useCompare((state) => state.on);
  const sheet = useStore(printedStore, (state) => state.sheet);
  const {
    data: workspace,
    error,
    refetch,
  } = useQuery({
    queryKey: ["workspace"],
    queryFn: fetchWorkspace,
    refetchInterval: (query) => (query.state.data ? 30_000 : 3000),
  });

  useEffect(followServer, []);
  useEffect(followPlan, []);
  useEffect(followService, []);
  useEffect(followMerges, []);
  useEffect(followBatch, []);
  useEffect(() => {
    window.addEventListener("keydown", handleKey);
    return () => window.removeEventListener("keydown", handleKey);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    const county = titleOf(workspace, language);
    document.title = county ? `${county} · ${t("app.title")}` : "网格 Wangge";
  }, [language, workspace, t]);
  useEffect(() => {
    if (workspace?.language && !languageWasChosen()) void showLanguage(workspace.language);
  }, [workspace?.language]);

  const Panel = panel === "plan" && comparing ? ComparePanel : panel ? PANELS[panel] : null;
  const isEmpty = workspace && Object.values(workspace.layers).every((layer) => layer.count === 0);
  return (
    <div
      className="shell"
      data-panel={widthOf(panel, panelWide)}
      data-inspector={inspector ? "open" : "closed"}
    >
      <a
        className="skip"
        href="#map"
        onClick={(event) => {
          event.preventDefault();
          focusMap();
        }}
      >
        {t("app.skip")}
      </a>
      <TopBar workspace={workspace} />
      <Rail />
      {Panel && (
        <aside className="panel" aria-label={t(`rail.${panel ?? "layers"}`)}>
          <Suspense fallback={<Waiting />}>
            <Panel />
          </Suspense>
        </aside>
      )}
      <main className="center">
        <div className="map-frame">
          <Outage />
          {workspace && (
            <>
              <PrintHead workspace={workspace} />
              <div className="map-sheet">
                <MapView workspace={workspace} />
                <Legend workspace={workspace} />
                <MapCorner workspace={workspace} />
                <OldLinesMark />
                {planOpen && (
                  <Suspense fallback={null}>
                    <PlanOnMap />
                    {comparing && <CompareOnMap />}
                  </Suspense>
                )}
                {(panel === "service" || answer !== null) && (
                  <Suspense fallback={null}>
                    <ServiceOnMap />
                  </Suspense>
                )}
                {panel === "lookup" && asking && (
                  <Suspense fallback={null}>
                    <AddressOnMap />
                  </Suspense>
                )}
                {(panel === "merges" || merges !== null) && (
                  <Suspense fallback={null}>
                    <MergesOnMap />
                  </Suspense>
                )}
              </div>
              <PrintFoot workspace={workspace} />
            </>
          )}
          {!workspace && (
            <div className="map-message">
              {error ? (
                <Alert color="orange" title={t("app.failed")}>
                  <p>{sentence(error)}</p>
                  <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
                </Alert>
              ) : (
                <p>
                  <Loader size="sm" /> {t("app.loading")}
                </p>
              )}
            </div>
          )}
          {isEmpty && panel !== "data" && (
            <div className="map-message">
              <Alert color="green" title={t("empty.title")}>
                <p>{t("empty.body")}</p>
                <Button onClick={() => set({ panel: "data" })}>{t("empty.action")}</Button>
              </Alert>
            </div>
          )}
        </div>
        {workspace && (
          <Suspense fallback={null}>
            <GridTable />
          </Suspense>
        )}
      </main>
      {inspector && <Inspector />}
      <Suspense fallback={null}>
        {sheet && workspace && <PrintedComparison sheet={sheet} workspace={workspace} />}
        {dialog === "help" && <HelpDialog />}
        {dialog === "print" && workspace && <PrintDialog workspace={workspace} />}
      </Suspense>
    </div>
  );
}

/** Where am I: county, place, search, date, language, person. */
import { Badge, Button, Tooltip } from "@mantine/core";
import type { Workspace } from "../api/types";
import { DateControl } from "./DateControl";
import { titleOf, useApp, useT } from "./hooks";
import { SearchBox } from "./SearchBox";
import { type Selected, useSelected } from "./selected";
import { setLanguage } from "./state";

function crumbsOf(selected: Selected | undefined): string[] {
  if (!selected) return [];
  if (selected.kind === "grids") {
    return [selected.data.township, selected.data.village].filter((part): part is string =>
      Boolean(part),
    );
  }
  const { data } = selected;
  const parents = (data.parents ?? []).map((parent) => parent.name).slice(-2);
  const chain = parents.length > 0 ? parents : [data.township, data.village];
  const own = selected.kind === "divisions" && data.level !== "county" ? [data.name] : [];
  return [...chain, ...own].filter((part): part is string => Boolean(part));
}

function Crumbs({ workspace }: { workspace: Workspace | undefined }) {
  const { language, chosen } = useApp((state) => ({
    language: state.language,
    chosen: state.selection !== null,
  }));
  const selected = useSelected().data;
  const county = titleOf(workspace, language);
  const crumbs = chosen ? crumbsOf(selected).filter((part) => part !== workspace?.title) : [];
  return (
    <div className="crumbs">
      <span className="county">{county}</span>
      {crumbs.map((crumb) => (
        <span key={crumb} className="crumb">
          <span aria-hidden="true">›</span> {crumb}
        </span>
      ))}
    </div>
  );
}

export function TopBar({ workspace }: { workspace: Workspace | undefined }) {
  const t = useT();
  const language = useApp((state) => state.language);
  return (
    <header className="top">
      <div className="brand">
        <span lang="zh">网格</span> Wangge
      </div>
      <Crumbs workspace={workspace} />
      <SearchBox />
      {workspace?.synthetic && (
        <Tooltip label={t("app.syntheticHint")}>
          <Badge
            className="synthetic"
            variant="light"
            color="yellow"
            size="lg"
            radius="xl"
            tt="none"
          >
            {t("app.synthetic")}
          </Badge>
        </Tooltip>
      )}
      <div className="top-end">
        <DateControl />
        <Button
          variant="default"
          lang={language === "zh" ? "en" : "zh"}
          title={t("app.languageHint")}
          onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
        >
          {t("app.language")}
        </Button>
        <span className="person">{t("app.user")}</span>
      </div>
    </header>
  );
}

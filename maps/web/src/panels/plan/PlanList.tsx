/** The plans there are, and a new one. */
import { Alert, Badge, Button, Select, TextInput, UnstyledButton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchPlans, type Plan, type PlanStateName } from "../../api/plans";
import { useSentence, useT } from "../../app/hooks";
import { openAndShow } from "../../app/openPlan";
import { moment } from "../../i18n/format";
import { Card, Hint, PanelTitle } from "../parts";
import { ImportPlan } from "./ImportPlan";
import { NewPlan } from "./NewPlan";

const PAGE = 100;
const STATES: readonly PlanStateName[] = ["draft", "submitted", "published", "withdrawn"];
/** Fewer plans than this are found by looking. */
const FEW = 5;

function Row({ plan }: { plan: Plan }) {
  const t = useT();
  return (
    <li>
      <UnstyledButton className="plan-row" onClick={() => openAndShow(plan)}>
        <span className="plan-row-name">{plan.name}</span>
        <Badge size="sm" variant="light" tt="none" className="plan-state" data-state={plan.state}>
          {t(`plan.state.${plan.state}`)}
        </Badge>
        <small>
          {plan.scope_name ?? plan.scope} · {t("plan.edits", { n: plan.edits })} · {plan.created_by}{" "}
          · <time dateTime={plan.changed_at}>{moment(plan.changed_at)}</time>
        </small>
      </UnstyledButton>
    </li>
  );
}

export function PlanList() {
  const t = useT();
  const sentence = useSentence();
  const [state, setState] = useState<PlanStateName | null>(null);
  const [text, setText] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const plans = useQuery({
    queryKey: ["plans", state, limit],
    queryFn: () => fetchPlans(state ?? undefined, limit),
    placeholderData: keepPreviousData,
  });
  const all = plans.data?.plans ?? [];
  const wanted = text.trim().toLowerCase();
  const found = all.filter((plan) =>
    `${plan.name} ${plan.scope_name ?? ""} ${plan.scope} ${plan.created_by}`
      .toLowerCase()
      .includes(wanted),
  );
  const total = plans.data?.total ?? 0;
  const isEmpty = plans.data !== undefined && total === 0 && state === null;
  return (
    <>
      <div className="plan-list-head">
        <PanelTitle>{t("plan.title")}</PanelTitle>
        <ImportPlan />
      </div>
      <NewPlan taken={all.map(({ name }) => name)} />
      {plans.error && <Alert color="orange">{sentence(plans.error)}</Alert>}
      {isEmpty && (
        <Card title={t("plan.empty")}>
          <Hint>{t("plan.empty.about")}</Hint>
          <ol className="plan-steps">
            <li>{t("plan.empty.1")}</li>
            <li>{t("plan.empty.2")}</li>
            <li>{t("plan.empty.3")}</li>
          </ol>
        </Card>
      )}
      {plans.data && !isEmpty && (
        <Card title={t("plan.open")}>
          {(total > FEW || state !== null || wanted) && (
            <div className="plan-filter">
              <TextInput
                aria-label={t("plan.filter")}
                placeholder={t("plan.filter")}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <Select
                aria-label={t("plan.filter.state")}
                data={[
                  { value: "", label: t("plan.filter.all") },
                  ...STATES.map((value) => ({ value, label: t(`plan.state.${value}`) })),
                ]}
                value={state ?? ""}
                onChange={(value) => setState(value || null)}
              />
            </div>
          )}
          {found.length === 0 && <Hint>{t("plan.filter.none")}</Hint>}
          <ul className="problem-list plan-list">
            {found.map((plan) => (
              <Row key={plan.id} plan={plan} />
            ))}
          </ul>
          {total > all.length && (
            <Button size="compact-xs" variant="subtle" onClick={() => setLimit(limit + PAGE)}>
              {t("plan.showMore", { n: Math.min(PAGE, total - all.length) })}
            </Button>
          )}
        </Card>
      )}
    </>
  );
}

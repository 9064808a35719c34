/** Which grid an address is in, how sure that is, and why. */
import { ActionIcon, Alert, Badge, Button, Skeleton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { AddressAnswer } from "../../api/addresses";
import { closeAnswer, showAnswer, useAddress, useAnswer } from "../../app/address";
import { useApp, useSentence, useT } from "../../app/hooks";
import { percent, spacedCode } from "../../i18n/format";
import { Card, Fact, Facts, Hint } from "../parts";
import { CandidateList } from "./CandidateList";
import { Completions } from "./Completions";
import { GridLink } from "./GridLink";
import { PARTS, understood } from "./parts";
import { ReportForm } from "./ReportForm";

const STATUS_COLOUR = { ok: "green", ambiguous: "yellow", none: "gray" } as const;

function Faults({ answer }: { answer: AddressAnswer }) {
  const t = useT();
  const language = useApp((state) => state.language);
  if (answer.faults.length === 0) return null;
  return (
    <>
      <h4>{t("address.faults")}</h4>
      <ul className="plain-list address-faults">
        {answer.faults.map((fault, index) => (
          <li key={index}>{language === "zh" ? fault.message_zh : fault.message}</li>
        ))}
      </ul>
    </>
  );
}

function Understood({ answer }: { answer: AddressAnswer }) {
  const t = useT();
  const parts = understood(answer.parsed);
  if (parts.length === 0) return null;
  return (
    <>
      <h4>{t("address.parts")}</h4>
      <ul className="address-parts">
        {parts.map(([part, value]) => (
          <li key={part}>
            <small>{t(PARTS[part])}</small>
            {value}
          </li>
        ))}
      </ul>
    </>
  );
}

function Answer({ answer }: { answer: AddressAnswer }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const { status, grid, level } = answer;
  return (
    <>
      <p className="address-message">{language === "zh" ? answer.message_zh : answer.message}</p>
      <Facts>
        {grid && (
          <Fact name={t("lookup.grid")}>
            <GridLink grid={grid} />
          </Fact>
        )}
        {grid && <Fact name={t("table.code")}>{spacedCode(grid.code)}</Fact>}
        {answer.matched_address && (
          <Fact name={t("lookup.matched")} long>
            {answer.matched_address}
          </Fact>
        )}
        {level && <Fact name={t("lookup.level")}>{t(`lookup.level.${level}`)}</Fact>}
        {status !== "none" && (
          <Fact name={t("address.confidence")}>
            {t("unit.share", { n: percent(answer.confidence) })}
          </Fact>
        )}
      </Facts>
      {status === "ok" && !grid && <Hint>{t("lookup.noGrid")}</Hint>}
      {status === "ok" && answer.point && (
        <Button variant="light" size="compact-sm" mt="xs" onClick={() => showAnswer(answer)}>
          {t("lookup.show")}
        </Button>
      )}
      {status === "ambiguous" && <CandidateList answer={answer} />}
      {status === "none" && <Hint>{t("lookup.noneHint")}</Hint>}
      {status === "none" && <Completions />}
      <Faults answer={answer} />
      <Understood answer={answer} />
    </>
  );
}

export function AnswerCard() {
  const t = useT();
  const sentence = useSentence();
  const { query, asked } = useAddress((state) => ({ query: state.query, asked: state.asked }));
  const { data, error, isPending } = useAnswer();
  const [reporting, setReporting] = useState<number | null>(null);
  if (query === "") return null;
  if (error) {
    return (
      <Alert color="orange" role="alert" mb="sm">
        {sentence(error)}
      </Alert>
    );
  }
  return (
    <Card
      title={
        isPending ? (
          t("address.asking")
        ) : (
          <Badge
            color={STATUS_COLOUR[data.status]}
            variant="light"
            tt="none"
            size="lg"
            data-status={data.status}
          >
            {t(`lookup.status.${data.status}`)}
          </Badge>
        )
      }
      aside={
        <ActionIcon
          variant="subtle"
          color="gray.7"
          aria-label={t("address.close")}
          onClick={closeAnswer}
        >
          <IconX size={16} />
        </ActionIcon>
      }
    >
      <div className="address-answer" aria-live="polite">
        <p className="address-query">{query}</p>
        {isPending ? <Skeleton height={120} /> : <Answer answer={data} />}
      </div>
      {reporting === asked ? (
        <ReportForm query={query} onClose={() => setReporting(null)} />
      ) : (
        <button type="button" className="link address-report" onClick={() => setReporting(asked)}>
          {t("address.report")}
        </button>
      )}
    </Card>
  );
}

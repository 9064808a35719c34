/** Joint villages of the open draft, or in force: members, name, and who leaves. */
import { Badge, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchJointVillages, type JointVillage } from "../../api/merges";
import type { Edit } from "../../api/plans";
import { useApp, usePlan, useT, useWorkspace } from "../../app/hooks";
import { count, spacedCode } from "../../i18n/format";
import { make } from "../../plan/session";
import { planStore } from "../../plan/store";
import { Card, Hint } from "../parts";

/** The joint villages of the lines on show. */
function useJointVillages() {
  const { id, revision } = usePlan(({ plan }) => ({
    id: plan && plan.state !== "published" ? plan.id : null,
    revision: plan?.revision ?? 0,
  }));
  const version = useWorkspace()?.version;
  return useQuery<Awaited<ReturnType<typeof fetchJointVillages>>>({
    queryKey: ["joint-villages", id, id ? revision : 0, version],
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    queryFn: ({ signal }) => fetchJointVillages(id, signal),
  });
}

function Joint({ joint, isDraft }: { joint: JointVillage; isDraft: boolean }) {
  const t = useT();
  const language = useApp((state) => state.language);
  const writing = usePlan((state) => state.writing);
  const [name, setName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function edit(what: Edit): Promise<void> {
    const isMade = await make(what);
    setProblem(isMade ? null : (planStore.getState().refusal?.error.sentence(language) ?? null));
    if (isMade) setName(null);
  }

  return (
    <li className="joint" data-code={joint.code}>
      <div className="area-people">
        <strong>{joint.name}</strong>
        {joint.valid_from === null && (
          <Badge size="xs" variant="light" tt="none">
            {t("joint.new")}
          </Badge>
        )}
      </div>
      <div className="figures joint-figures">
        {spacedCode(joint.code)} ·{" "}
        {t("joint.people", {
          members: joint.members.length,
          grids: count(joint.grids),
          households: count(joint.households),
        })}
      </div>
      {isDraft && name === null && (
        <div className="group-actions">
          <Button size="compact-xs" variant="default" onClick={() => setName(joint.name)}>
            {t("joint.rename")}
          </Button>
          {joint.members.map((member) => (
            <Button
              key={member.code}
              size="compact-xs"
              variant="subtle"
              c="gray.8"
              disabled={writing}
              onClick={() => void edit({ type: "leave_joint_village", village: member.code })}
            >
              {t("joint.leave", { name: member.name || member.code })}
            </Button>
          ))}
        </div>
      )}
      {name !== null && (
        <form
          className="joint-name"
          onSubmit={(event) => {
            event.preventDefault();
            const attributes = { name: name.trim() };
            void edit({ type: "set_attributes", grid: joint.code, attributes });
          }}
        >
          <TextInput
            size="xs"
            aria-label={t("joint.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" disabled={!name.trim() || writing}>
            {t("joint.save")}
          </Button>
        </form>
      )}
      {problem && (
        <p className="service-error" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

export function JointVillages() {
  const t = useT();
  const isDraft = usePlan((state) => state.plan?.state === "draft");
  const found = useJointVillages().data?.joint_villages;
  if (!found) return null;
  return (
    <Card
      title={t("joint.title")}
      aside={
        <span className="figures">
          {isDraft && `${t("joint.inDraft")} · `}
          {count(found.length)}
        </span>
      }
    >
      {found.length === 0 ? (
        <Hint>{t("joint.none")}</Hint>
      ) : (
        <ul className="plain-list joint-list" tabIndex={0} aria-label={t("joint.title")}>
          {found.map((joint) => (
            <Joint key={joint.code} joint={joint} isDraft={isDraft} />
          ))}
        </ul>
      )}
    </Card>
  );
}

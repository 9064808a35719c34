/** What has been said about the plan, each with its place. */
import { Button, Group, Switch, Text, UnstyledButton } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { PlanComment } from "../../api/comments";
import { useT } from "../../app/hooks";
import { theMap } from "../../app/mapHolder";
import { moment } from "../../i18n/format";
import { commentStore, openCard, settle } from "../../plan/comments";
import { chooseTool } from "../../plan/store";
import { Card, Hint } from "../parts";

const NEAR_ZOOM = 15;

function show({ point, id }: PlanComment): void {
  theMap()?.panTo(point, NEAR_ZOOM);
  openCard(point, id);
}

function Row({ comment }: { comment: PlanComment }) {
  const t = useT();
  const { sending } = useStore(commentStore);
  return (
    <li className="comment" data-resolved={comment.resolved}>
      <UnstyledButton className="comment-place-button" onClick={() => show(comment)}>
        <span className="comment-text">{comment.text}</span>
        <Text size="xs" c="gray.7">
          {comment.author} · {moment(comment.made_at)}
          {comment.resolved && ` · ${t("comment.resolved")}`}
        </Text>
      </UnstyledButton>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={sending}
        onClick={() => void settle(comment, !comment.resolved)}
      >
        {comment.resolved ? t("comment.reopen") : t("comment.resolve")}
      </Button>
    </li>
  );
}

export function CommentsCard() {
  const t = useT();
  const { all } = useStore(commentStore);
  const [withResolved, setWithResolved] = useState(false);
  const open = all.filter(({ resolved }) => !resolved);
  const shown = [...(withResolved ? all : open)].reverse();
  return (
    <Card
      title={t("comment.all", { n: open.length })}
      aside={
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconMessagePlus size={15} />}
          onClick={() => chooseTool("comment")}
        >
          {t("comment.add")}
        </Button>
      }
    >
      {shown.length === 0 && <Hint>{t("comment.none")}</Hint>}
      <ul className="comments">
        {shown.map((comment) => (
          <Row key={comment.id} comment={comment} />
        ))}
      </ul>
      {all.length > open.length && (
        <Group>
          <Switch
            size="xs"
            checked={withResolved}
            label={t("comment.withResolved", { n: all.length - open.length })}
            onChange={(event) => setWithResolved(event.currentTarget.checked)}
          />
        </Group>
      )}
    </Card>
  );
}

/** The card on the map in which a comment is written or read. */
import { Alert, Button, CloseButton, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useStore } from "zustand";
import type { PlanComment } from "../../api/comments";
import { useSentence, useT } from "../../app/hooks";
import { focusMap } from "../../app/shortcuts";
import { moment } from "../../i18n/format";
import { addComment, closeCard, commentStore, settle } from "../../plan/comments";

function close(): void {
  closeCard();
  focusMap();
}

function NewComment() {
  const t = useT();
  const [text, setText] = useState("");
  const { sending } = useStore(commentStore);
  const post = async () => {
    if (await addComment(text)) focusMap();
  };
  return (
    <>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={10_000}
        label={t("comment.text")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While characters are being composed, Enter and Esc belong to the input method.
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape") close();
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          void post();
        }}
      />
      <Group gap="xs" mt={6}>
        <Button
          size="compact-sm"
          loading={sending}
          disabled={!text.trim()}
          onClick={() => void post()}
        >
          {t("comment.post")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={close}>
          {t("app.cancel")}
        </Button>
      </Group>
    </>
  );
}

function WrittenComment({ comment }: { comment: PlanComment }) {
  const t = useT();
  const { sending } = useStore(commentStore);
  return (
    <>
      <Text size="xs" c="gray.7">
        {comment.author} · {moment(comment.made_at)}
      </Text>
      <p className="comment-text">{comment.text}</p>
      <Button
        size="compact-sm"
        variant="default"
        loading={sending}
        onClick={() => void settle(comment, !comment.resolved)}
      >
        {comment.resolved ? t("comment.reopen") : t("comment.resolve")}
      </Button>
    </>
  );
}

export function CommentCard() {
  const t = useT();
  const sentence = useSentence();
  const { all, card, host, failed } = useStore(commentStore);
  if (!card || !host) return null;
  const comment = card.id === null ? null : all.find(({ id }) => id === card.id);
  if (comment === undefined) return null;
  return createPortal(
    <section className="comment-card" aria-label={t("comment.one")}>
      <CloseButton
        className="comment-close"
        size="sm"
        aria-label={t("comment.close")}
        onClick={close}
      />
      {comment ? <WrittenComment comment={comment} /> : <NewComment key={card.place.join(" ")} />}
      {failed && (
        <Alert color="orange" p="xs" mt={6} role="alert">
          {sentence(failed)}
        </Alert>
      )}
    </section>,
    host,
  );
}

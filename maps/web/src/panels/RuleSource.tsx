/** Where a rule comes from, one click away. */
import { Anchor, Popover, Text } from "@mantine/core";
import type { Profile, SizeRule } from "../api/types";
import { useApp, useT } from "../app/hooks";

function sourceOf(profile: Profile, rule: SizeRule | null): string {
  for (const byArea of Object.values(profile.sizes)) {
    for (const sizes of Object.values(byArea)) {
      const found = sizes?.households;
      const same = found && found.minimum === rule?.minimum && found.maximum === rule?.maximum;
      if (same && sizes.source) return sizes.source;
    }
  }
  return profile.source;
}

interface RuleSourceProps {
  profile: Profile | null;
  rule?: SizeRule | null;
  /** Sentence to show instead of the size rule's source. */
  text?: string | null;
  label?: string;
}

export function RuleSource({ profile, rule = null, text, label }: RuleSourceProps) {
  const t = useT();
  const language = useApp((state) => state.language);
  if (!profile) return null;
  return (
    <Popover width={300} withArrow shadow="md" position="bottom-end">
      <Popover.Target>
        <Anchor component="button" type="button" size="xs">
          {label ?? t("inspector.source")}
        </Anchor>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="xs" fw={600}>
          {language === "zh" ? profile.title_zh : profile.title_en}
        </Text>
        <Text size="xs">{text ?? sourceOf(profile, rule)}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

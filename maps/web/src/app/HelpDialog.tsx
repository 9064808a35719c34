/** The keys, the version, the licences. */
import { Anchor, Modal, Table, Text } from "@mantine/core";
import { Fragment } from "react";
import { useT, useWorkspace } from "./hooks";
import { SHORTCUTS } from "./shortcuts";
import { set } from "./state";
import type { Key } from "../i18n/zh";

const ON_MAP: readonly { keys: readonly string[]; help: Key }[] = [
  { keys: ["←", "↑", "→", "↓"], help: "help.pan" },
  { keys: ["Enter"], help: "help.centre" },
];

export default function HelpDialog() {
  const t = useT();
  const version = useWorkspace()?.version;
  return (
    <Modal
      opened
      onClose={() => set({ dialog: null })}
      title={t("help.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {[...SHORTCUTS, ...ON_MAP].map(({ keys, help }) => (
            <Table.Tr key={help}>
              <Table.Td w={130}>
                {keys.map((key) => (
                  <Fragment key={key}>
                    <kbd className="key">{key}</kbd>{" "}
                  </Fragment>
                ))}
              </Table.Td>
              <Table.Td>{t(help)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="md">
        Wangge · {t("help.version", { version: version ?? "—" })} ·{" "}
        <Anchor href="./licenses.txt" target="_blank" size="xs">
          {t("help.licences")}
        </Anchor>
      </Text>
    </Modal>
  );
}

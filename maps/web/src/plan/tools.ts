/** The tools of a draft: their keys and their place in the panel. What they do is in `src/tools`. */

export const TOOLS = [
  { id: "select", key: "V" },
  { id: "split", key: "S" },
  { id: "merge", key: "M" },
  { id: "reshape", key: "B" },
  { id: "transfer", key: "T" },
  { id: "paint", key: "P" },
  { id: "vertex", key: "X" },
  { id: "gap", key: "G" },
  { id: "overlap", key: "O" },
  { id: "lock", key: "L" },
  { id: "attributes", key: "E" },
  { id: "renumber", key: "R" },
  { id: "comment", key: "C" },
] as const;

export type ToolId = (typeof TOOLS)[number]["id"];

/** The tool of a key; null when the key belongs to none. */
export function toolOfKey(key: string): ToolId | null {
  return TOOLS.find((tool) => tool.key === key.toUpperCase())?.id ?? null;
}

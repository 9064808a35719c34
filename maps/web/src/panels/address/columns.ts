import { ApiError } from "../../api/client";

/** The columns of a table of which it is not clear which one holds the addresses. */
export function columnsOf(error: unknown): string[] {
  if (!(error instanceof ApiError) || error.key !== "address_column_unknown") return [];
  const { names } = error.details;
  if (!Array.isArray(names)) return [];
  // A table can have two columns of one name; the first of them is meant then.
  return [...new Set(names.map(String))].filter((name) => name !== "");
}

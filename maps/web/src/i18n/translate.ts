import type { Key, Messages } from "./zh";

export type Language = "zh" | "en";
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

// Only the language on show is fetched; the other comes when it is asked for.
const dictionaries: Partial<Record<Language, Messages>> = {};

/** Fetch the words of a language, once. */
export async function loadLanguage(language: Language): Promise<void> {
  dictionaries[language] ??=
    language === "zh" ? (await import("./zh")).zh : (await import("./en")).en;
}

function messagesOf(language: Language): Messages {
  const messages = dictionaries[language];
  if (!messages) throw new Error(`the words of ${language} are not loaded`);
  return messages;
}

// `{n}`, or `{n|grid|grids}`: the word for one, and the word for any other number.
const PLACE = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

/** The sentence of a key with its `{values}` filled in; an unnamed value shows as a dash. */
export function translator(language: Language): Translate {
  const messages = messagesOf(language);
  return (key, values = {}) =>
    messages[key].replace(PLACE, (_, name: string, one?: string, many?: string) => {
      const value = String(values[name] ?? "—");
      return many === undefined ? value : ((value === "1" ? one : many) ?? "");
    });
}

/** The sentence of a key made at run time (a flag, a field), or null when nobody wrote one. */
export function translateLoose(language: Language, key: string): string | null {
  const messages = messagesOf(language);
  return key in messages ? messages[key as Key] : null;
}

/** What was chosen before, else what the server asks for, else the browser's own language. */
export function firstLanguage(
  stored: string | null,
  preferred: readonly string[],
  fallback: Language | null = null,
): Language {
  if (stored === "zh" || stored === "en") return stored;
  if (fallback) return fallback;
  return preferred[0]?.toLowerCase().startsWith("zh") || preferred.length === 0 ? "zh" : "en";
}

/** What an import noticed about a thing and kept. */
import { useApp } from "../app/hooks";
import { translateLoose } from "../i18n/translate";
import { Hint } from "./parts";

export function Flags({ flags }: { flags: readonly string[] | undefined }) {
  const language = useApp((state) => state.language);
  if (!flags || flags.length === 0) return null;
  return (
    <Hint>{flags.map((flag) => translateLoose(language, `flag.${flag}`) ?? flag).join("；")}</Hint>
  );
}

/** Places that begin as what was not found: initials lead nowhere by themselves. */
import { useQuery } from "@tanstack/react-query";
import { fetchSuggestions } from "../../api/addresses";
import { keyOf } from "../../api/lines";
import { useAddress } from "../../app/address";
import { useApp, useT } from "../../app/hooks";
import { openSuggestion } from "../../app/suggestions";

const MOST = 5;

export function Completions() {
  const t = useT();
  const query = useAddress((state) => state.query);
  const lines = useApp((state) => state.lines);
  const { data } = useQuery({
    queryKey: ["suggest", query, keyOf(lines)],
    queryFn: ({ signal }) => fetchSuggestions(query, lines, signal),
  });
  const suggestions = data?.suggestions.slice(0, MOST) ?? [];
  if (suggestions.length === 0) return null;
  return (
    <>
      <h4>{t("address.didYouMean")}</h4>
      <ul className="plain-list">
        {suggestions.map((suggestion) => (
          <li key={`${suggestion.kind}/${suggestion.code}`}>
            <button type="button" className="link" onClick={() => void openSuggestion(suggestion)}>
              {suggestion.text}
            </button>{" "}
            <small>{suggestion.detail}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

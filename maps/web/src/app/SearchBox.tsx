/** Search with completions, by mouse and by keyboard. */
import { Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchSuggestions } from "../api/endpoints";
import type { Suggestion } from "../api/types";
import { spacedCode } from "../i18n/format";
import { useApp, useT } from "./hooks";
import { theMap } from "./mapHolder";
import { select, set } from "./state";

/** Go to a completion: select the thing it names, or mark the address. */
export function openSuggestion(suggestion: Suggestion): void {
  const { kind, code, point, bbox } = suggestion;
  const map = theMap();
  if (bbox) map?.fit(bbox);
  else if (point) map?.panTo(point);
  if (kind === "grid") select({ kind: "grids", id: code });
  else if (kind === "township" || kind === "village") select({ kind: "divisions", id: code });
  else if (kind === "natural_village") select({ kind: "natural_villages", id: code });
  else if (kind === "center") select({ kind: "centers", id: code });
  else if (point) set({ picked: point, panel: "lookup" });
}

export function SearchBox() {
  const t = useT();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 150);
  const reachable = useApp((state) => state.reachable);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const answer = useQuery({
    queryKey: ["suggest", asked],
    enabled: asked !== "" && reachable,
    queryFn: ({ signal }) => fetchSuggestions(asked, signal),
    placeholderData: (previous) => previous,
  });
  const suggestions = answer.data?.suggestions ?? [];

  function choose(value: string): void {
    const suggestion = suggestions[Number(value)];
    if (!suggestion) return;
    setText(suggestion.text);
    combobox.closeDropdown();
    openSuggestion(suggestion);
  }

  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <TextInput
          id="search"
          className="search"
          size="sm"
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            answer.isFetching && asked ? <Loader size={14} /> : <kbd className="key">/</kbd>
          }
          value={text}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key === "Enter" && combobox.getSelectedOptionIndex() < 0 && suggestions[0]) {
              choose("0");
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={asked === "" || !answer.data}>
        <Combobox.Options mah={360} style={{ overflowY: "auto" }}>
          {suggestions.map((suggestion, index) => (
            <Combobox.Option
              value={String(index)}
              key={`${suggestion.kind}/${suggestion.code}/${suggestion.text}`}
            >
              <div className="suggestion">
                <span className="suggestion-text">{suggestion.text}</span>
                <span className="suggestion-kind">{t(`kind.${suggestion.kind}`)}</span>
                <span className="suggestion-detail">
                  {suggestion.detail ||
                    (suggestion.kind === "address" ? "" : spacedCode(suggestion.code))}
                </span>
              </div>
            </Combobox.Option>
          ))}
          {suggestions.length === 0 && (
            <Combobox.Empty>
              {t("search.none", { q: asked })}
              <br />
              <small>{t("search.none.hint")}</small>
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Search with completions, by mouse and by keyboard: Enter asks which grid an address is in. */
import { Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchSuggestions } from "../api/addresses";
import { keyOf } from "../api/lines";
import { spacedCode } from "../i18n/format";
import { askAddress } from "./address";
import { useApp, useT } from "./hooks";
import { openSuggestion } from "./suggestions";

export function SearchBox() {
  const t = useT();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 150);
  const { reachable, lines } = useApp((state) => ({
    reachable: state.reachable,
    lines: state.lines,
  }));
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const answer = useQuery({
    queryKey: ["suggest", asked, keyOf(lines)],
    enabled: asked !== "" && reachable,
    queryFn: ({ signal }) => fetchSuggestions(asked, lines, signal),
    placeholderData: (previous) => previous,
  });
  const suggestions = answer.data?.suggestions ?? [];

  function choose(value: string): void {
    const suggestion = suggestions[Number(value)];
    if (!suggestion) return;
    setText(suggestion.text);
    combobox.closeDropdown();
    void openSuggestion(suggestion);
  }

  /** Which grid is it in: as it was typed, whatever the completions are. */
  function ask(): void {
    combobox.closeDropdown();
    askAddress(text);
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
            combobox.resetSelectedOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            // Enter that ends the writing of Han is none.
            if (event.nativeEvent.isComposing) return;
            if (event.key === "Enter" && combobox.getSelectedOptionIndex() < 0) ask();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={asked === "" || !answer.data}>
        {suggestions.length > 0 && (
          <Combobox.Header className="search-hint">{t("search.enter")}</Combobox.Header>
        )}
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

import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { firstLanguage, loadLanguage, translator } from "../src/i18n/translate";
import { type Key, zh } from "../src/i18n/zh";

const keys = Object.keys(zh) as Key[];
const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
const sources = import.meta.glob("../src/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("both languages", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it.each(keys)("%s says something with the same values in both", (key) => {
    expect(zh[key].trim()).not.toBe("");
    expect(en[key].trim()).not.toBe("");
    expect(placeholders(en[key])).toEqual(placeholders(zh[key]));
  });

  it.each(keys)("%s has words only for numbers it shows", (key) => {
    const shown = placeholders(en[key]);
    for (const [, name] of en[key].matchAll(/\{(\w+)\|[^|}]+\|[^|}]+\}/g))
      expect(shown).toContain(`{${name}}`);
    expect(zh[key]).not.toContain("|");
  });

  it("hold no sentence that nobody shows", () => {
    const code = Object.entries(sources)
      .filter(([path]) => !path.includes("/i18n/"))
      .map(([, text]) => String(text))
      .join("\n");
    const unused = keys.filter((key) => {
      const family = key.slice(0, key.lastIndexOf(".") + 1);
      return !code.includes(`"${key}"`) && !code.includes(`\`${family}\${`);
    });
    expect(unused).toEqual([]);
  });
});

describe("translator", () => {
  it("fills in values, and a dash for what is missing", async () => {
    await Promise.all([loadLanguage("en"), loadLanguage("zh")]);
    expect(translator("en")("unit.km", { n: "2.4" })).toBe("2.4 km");
    expect(translator("zh")("unit.households", {})).toBe("— 户");
  });

  it("says one of a thing as one", async () => {
    await loadLanguage("en");
    const say = translator("en");
    expect(say("plan.problems.count", { n: "1" })).toBe("1 problem");
    expect(say("plan.problems.count", { n: 0 })).toBe("0 problems");
    expect(say("plan.problems.count", { n: "1,001" })).toBe("1,001 problems");
    expect(say("plan.problems.count")).toBe("— problems");
  });
});

describe("firstLanguage", () => {
  it("prefers what was chosen, then the server's, then the browser's", () => {
    expect(firstLanguage("en", ["zh-CN"], "zh")).toBe("en");
    expect(firstLanguage(null, ["en-US"], "zh")).toBe("zh");
    expect(firstLanguage(null, ["zh-CN", "en"])).toBe("zh");
    expect(firstLanguage(null, ["fr", "en"])).toBe("en");
    expect(firstLanguage("klingon", [])).toBe("zh");
  });
});

import { readFileSync, readdirSync } from "node:fs";
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "./languages";

type Messages = Record<string, string>;

const read = (language: string): Messages =>
  JSON.parse(readFileSync(`src/i18n/messages/${language}.json`, "utf8")) as Messages;
const english = read("en");

/** The values that a message takes, whatever stands within plural forms. */
function values(text: string, locale: string): string[] {
  const found = new Set<string>();
  const walk = (parts: unknown[]): void => {
    for (const part of parts as { type: number; value?: string; options?: Record<string, { value: unknown[] }> }[]) {
      if (part.type !== 0 && part.type !== 7 && part.value) found.add(part.value);
      if (part.options) Object.values(part.options).forEach((option) => walk(option.value));
    }
  };
  walk(new IntlMessageFormat(text, locale).getAst());
  return [...found].sort();
}

describe.each(LANGUAGES)("%s", (language) => {
  const messages = read(language);

  it("has every message and no other", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
  });

  it("says something with the same values", () => {
    for (const [key, text] of Object.entries(messages)) {
      expect(text.trim(), key).not.toBe("");
      expect(values(text, language), key).toEqual(values(english[key] ?? "", "en"));
    }
  });

  it("has all plural forms of its language", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(messages)) {
      if (!text.includes(", plural,")) continue;
      for (const form of forms) expect(text, `${key} lacks ${form}`).toMatch(new RegExp(`\\b${form} \\{`));
    }
  });
});

describe("the app", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  const code = files
    .filter((name) => !name.endsWith(".test.ts"))
    .map((name) => readFileSync(`src/${name}`, "utf8"))
    .join("\n");

  it("uses every message", () => {
    // Keys that are put together end in a name that varies.
    const groups = [...code.matchAll(/[`"]([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map((match) => match[1] ?? "");
    const isUsed = (key: string) => code.includes(`"${key}"`) || groups.some((group) => key.startsWith(group));
    expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([]);
  });
});

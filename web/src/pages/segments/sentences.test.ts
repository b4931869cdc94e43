import { readFileSync } from "node:fs";
import { beforeAll, expect, it, vi } from "vitest";
import { makeSpeech, type Messages } from "../../i18n";
import { LANGUAGES } from "../../i18n/languages";
import { wordsOf } from "./sentences";

const speech = (language: (typeof LANGUAGES)[number]) =>
  makeSpeech(language, JSON.parse(readFileSync(`src/i18n/messages/${language}.json`, "utf8")) as Messages);
const say = (definition: Record<string, unknown>, language: (typeof LANGUAGES)[number] = "en") =>
  wordsOf(definition, speech(language), "EUR", (id) => id.toUpperCase());

// Node has no browser's wishes.
beforeAll(() => {
  vi.stubGlobal("navigator", { languages: [] });
});

it("puts definitions into words", () => {
  expect(say({ figure: { name: "purchases", at_least: 1, at_most: 1 } })).toBe("Purchases = 1");
  expect(
    say({
      all: [
        { figure: { name: "value_24m", above: 0, at_least_percentile: 90 } },
        { any: [{ stage: ["active", "at_risk"] }, { segment: "vip" }] },
      ],
    }),
  ).toBe("Value of 24 months among the top 10% and (Active or At risk or «VIP»)");
  expect(say({ orders: { which: "first", discounted: false, columns: { channel: ["ads"] } } })).toBe(
    "the first order (at full price, Channel: ads)",
  );
  expect(say({ figure: { name: "discount_share", at_least: 0.8 } })).toBe("Share of discounted purchases ≥ 80%");
  expect(say({ orders: { at_most: 0, when: { within_days: 90 } } })).toBe("no order (within the last 90 days)");
});

it("puts events into words", () => {
  expect(say({ events: { name: "Checkout Started", when: { within_days: 14 } } })).toBe(
    "event «Checkout Started» (within the last 14 days)",
  );
  expect(say({ events: { name: "page", at_most: 0, products: ["TEA"], properties: { colour: ["green"] } } })).toBe(
    "event «page» ≤ 0 (TEA, colour: green)",
  );
});

it("leaves to the server what it does not know", () => {
  expect(say({ figure: { name: "shoe_size", at_least: 40 } })).toBeNull();
  expect(say({ orders: { value_at_least: 5 } })).toBeNull();
  expect(say({ weather: "fine" })).toBeNull();
});

it.each(LANGUAGES)("speaks %s", (language) => {
  expect(say({ not: { day: { name: "first_order", when: { from: "2026-01-01" } } } }, language)).toBeTruthy();
  expect(say({ consent: { channel: "email", purpose: "marketing", granted: false } }, language)).toBeTruthy();
});

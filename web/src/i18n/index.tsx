import { IntlMessageFormat } from "intl-messageformat";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { localeOf, type Language } from "./languages";
import type english from "./messages/en.json";

export type MessageKey = keyof typeof english;
export type Messages = Record<MessageKey, string>;
type Values = Record<string, string | number>;

const loaders: Record<Language, () => Promise<{ default: Messages }>> = {
  en: () => import("./messages/en.json"),
  it: () => import("./messages/it.json"),
  fr: () => import("./messages/fr.json"),
  ar: () => import("./messages/ar.json"),
  ro: () => import("./messages/ro.json"),
};

export async function loadMessages(language: Language): Promise<Messages> {
  return (await loaders[language]()).default;
}

/** Words, numbers, money and days as the reader writes them. */
export interface Speech {
  language: Language;
  /** The message of a key, with its values. */
  t: (key: MessageKey, values?: Values) => string;
  /** The message of a key that the server named; `otherwise` where there is none. */
  maybe: (key: string, otherwise: string, values?: Values) => string;
  number: (value: number, digits?: number) => string;
  share: (value: number | null | undefined, digits?: number) => string;
  /** A number, or with `share` a share, with its sign. */
  signed: (value: number, style?: "number" | "share", digits?: number) => string;
  /** Money in major units, as the API writes it. */
  money: (value: string | number | null | undefined, currency: string, digits?: number) => string;
  /** A day such as 2026-06-30. */
  day: (day: string, style?: "short" | "long" | "month") => string;
  /** A moment in microseconds since 1970. */
  moment: (micros: number) => string;
}

const SpeechContext = createContext<Speech | null>(null);

export function makeSpeech(language: Language, messages: Messages): Speech {
  const locale = localeOf(language);
  const formats = new Map<string, IntlMessageFormat>();
  const format = (text: string, values: Values | undefined): string => {
    let known = formats.get(text);
    if (!known) {
      known = new IntlMessageFormat(text, locale);
      formats.set(text, known);
    }
    return String(known.format(values));
  };
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
  return {
    language,
    t: (key, values) => format(messages[key], values),
    maybe: (key, otherwise, values) => {
      const text = (messages as Record<string, string>)[key];
      return text === undefined ? otherwise : format(text, values);
    },
    number,
    share: (value, digits = 1) =>
      value === null || value === undefined
        ? "–"
        : new Intl.NumberFormat(locale, {
            style: "percent",
            maximumFractionDigits: digits,
            minimumFractionDigits: digits,
          }).format(value),
    signed: (value, style = "number", digits = 0) =>
      new Intl.NumberFormat(locale, {
        signDisplay: "exceptZero",
        style: style === "share" ? "percent" : "decimal",
        maximumFractionDigits: digits,
        minimumFractionDigits: digits,
      }).format(value),
    money: (value, currency, digits) => {
      if (value === null || value === undefined) return "–";
      const amount = Number(value);
      const fraction = digits ?? (Math.abs(amount) >= 1000 ? 0 : undefined);
      return new Intl.NumberFormat(locale, {
        style: "currency",
        currency,
        ...(fraction === undefined ? {} : { maximumFractionDigits: fraction, minimumFractionDigits: fraction }),
      }).format(amount);
    },
    day: (day, style = "short") => {
      const options: Intl.DateTimeFormatOptions =
        style === "month"
          ? { year: "numeric", month: "short" }
          : { year: "numeric", month: style === "long" ? "long" : "short", day: "numeric" };
      const date = new Date(`${day.length === 7 ? `${day}-01` : day}T00:00:00Z`);
      return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC", calendar: "gregory" }).format(date);
    },
    moment: (micros) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", calendar: "gregory" }).format(
        new Date(micros / 1000),
      ),
  };
}

export function SpeechProvider(props: { language: Language; messages: Messages; children: ReactNode }) {
  const { language, messages, children } = props;
  const speech = useMemo(() => makeSpeech(language, messages), [language, messages]);
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error("useSpeech belongs inside a SpeechProvider");
  return speech;
}

// A definition as a sentence in the reader's language. What this does not know is said as the server says it.
import type { Definition } from "../../api/types";
import type { Speech } from "../../i18n";

interface Window {
  from?: string;
  until?: string;
  within_days?: number;
  more_than_days_ago?: number;
}

const MONEY = ["value", "value_12m", "value_24m", "aov", "predicted_value", "predicted_low", "predicted_high"];
const SHARES = ["discount_share", "return_share", "purchase_probability", "alive_probability"];

/** Thrown at what cannot be put into words here. */
class Unknown extends Error {}

export function wordsOf(
  definition: Definition,
  speech: Speech,
  currency: string,
  nameOf: (segment: string) => string,
): string | null {
  try {
    return new Words(speech, currency, nameOf).say(definition, false);
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

class Words {
  constructor(
    private readonly speech: Speech,
    private readonly currency: string,
    private readonly nameOf: (segment: string) => string,
  ) {}

  say(definition: unknown, isInner: boolean): string {
    const entries = Object.entries((definition ?? {}) as Record<string, unknown>);
    const [entry] = entries;
    if (!entry || entries.length !== 1) throw new Unknown();
    const [name, body] = entry;
    switch (name) {
      case "all":
      case "any":
        return this.list(body as unknown[], name, isInner);
      case "not":
        return this.speech.t("words.not", { what: this.say(body, true) });
      case "stage":
        return this.join(
          (body as string[]).map((stage) => this.known(`stage.${stage}`)),
          "any",
        );
      case "segment":
        return `«${this.nameOf(String(body))}»`;
      case "figure":
        return this.figure(body as Record<string, string | number>);
      case "day":
        return this.day(body as { name: string; when: Window });
      case "orders":
        return this.orders(body as Record<string, unknown>);
      case "events":
        return this.events(body as Record<string, unknown>);
      case "consent":
        return this.consent(body as { channel: string; purpose: string; granted?: boolean });
      default:
        throw new Unknown();
    }
  }

  private known(key: string): string {
    const text = this.speech.maybe(key, "");
    if (!text) throw new Unknown();
    return text;
  }

  private join(parts: string[], how: "all" | "any"): string {
    const type = how === "all" ? "conjunction" : "disjunction";
    return new Intl.ListFormat(this.speech.language, { type }).format(parts);
  }

  private list(parts: unknown[], how: "all" | "any", isInner: boolean): string {
    const text = this.join(
      parts.map((part) => this.say(part, parts.length > 1)),
      how,
    );
    return isInner && parts.length > 1 ? `(${text})` : text;
  }

  private figure({ name, ...bounds }: Record<string, string | number>): string {
    // Forms say between which bounds a number lies; here it is written as what it is.
    const label = this.known(`figureName.${name}`).replace(/\s*\(\d–\d\)$/, "");
    const { at_least, at_most } = bounds;
    if (at_least !== undefined && at_least === at_most) return `${label} = ${this.amount(String(name), at_least)}`;
    const SIGNS: Record<string, string> = { at_least: "≥", at_most: "≤", above: ">", below: "<" };
    // "Above zero" only says that there is such a number, where a percentile says more.
    const told = Object.entries(bounds).filter(
      ([bound, value]) => !(bound === "above" && value === 0 && "at_least_percentile" in bounds),
    );
    const parts = told.map(([bound, value]) => {
      const number = Number(value);
      if (bound === "at_least_percentile") {
        return this.speech.t("words.top", { share: this.speech.share(1 - number / 100, 0) });
      }
      if (bound === "below_percentile") {
        return this.speech.t("words.bottom", { share: this.speech.share(number / 100, 0) });
      }
      const sign = SIGNS[bound];
      if (!sign) throw new Unknown();
      return `${sign} ${this.amount(String(name), number)}`;
    });
    return `${label} ${parts.join(", ")}`;
  }

  private amount(name: string, value: string | number): string {
    const number = Number(value);
    if (MONEY.includes(name)) return this.speech.money(number, this.currency, Number.isInteger(number) ? 0 : undefined);
    if (SHARES.includes(name)) return this.speech.share(number, 0);
    return this.speech.number(number, Number.isInteger(number) ? 0 : 1);
  }

  private window({ from, until, within_days, more_than_days_ago }: Window): string[] {
    const { t, day } = this.speech;
    return [
      from && until ? t("bar.dates", { from: day(from), until: day(until) }) : "",
      from && !until ? t("words.since", { day: day(from) }) : "",
      until && !from ? t("bar.until", { day: day(until) }) : "",
      within_days === undefined ? "" : t("words.within", { days: within_days }),
      more_than_days_ago === undefined ? "" : t("words.ago", { days: more_than_days_ago }),
    ].filter(Boolean);
  }

  private day({ name, when }: { name: string; when: Window }): string {
    return `${this.known(`words.day.${name}`)}: ${this.window(when).join(", ")}`;
  }

  private orders(body: Record<string, unknown>): string {
    const { which = "any", when, discounted, kept, columns, products, at_least, at_most, ...rest } = body;
    if (Object.keys(rest).length > 0) throw new Unknown();
    const { t } = this.speech;
    const details = [
      ...(discounted === undefined ? [] : [t(discounted ? "words.discounted" : "words.fullPrice")]),
      ...(kept === undefined ? [] : [t(kept ? "words.kept" : "words.returned")]),
      ...Object.entries((columns ?? {}) as Record<string, string[]>).map(
        ([column, values]) => `${this.known(`by.${column}`)}: ${this.join(values, "any")}`,
      ),
      ...(products ? [this.join(products as string[], "any")] : []),
      ...this.window((when ?? {}) as Window),
    ];
    const count =
      at_most === 0
        ? t("words.noOrder")
        : at_least !== undefined || at_most !== undefined
          ? [t("table.orders"), at_least ? `≥ ${at_least}` : "", at_most ? `≤ ${at_most}` : ""]
              .filter(Boolean)
              .join(" ")
          : this.known(`words.order.${which}`);
    return details.length > 0 ? `${count} (${details.join(", ")})` : count;
  }

  private events(body: Record<string, unknown>): string {
    const { name, when, products, properties, at_least, at_most, ...rest } = body;
    if (Object.keys(rest).length > 0) throw new Unknown();
    const event = this.speech.t("words.event", { name: `«${String(name)}»` });
    const bounds = [at_least ? `≥ ${at_least}` : "", at_most === undefined ? "" : `≤ ${at_most}`].filter(Boolean);
    const details = [
      ...(products ? [this.join(products as string[], "any")] : []),
      ...Object.entries((properties ?? {}) as Record<string, string[]>).map(
        ([property, values]) => `${property}: ${this.join(values, "any")}`,
      ),
      ...this.window((when ?? {}) as Window),
    ];
    const count = [event, ...bounds].join(" ");
    return details.length > 0 ? `${count} (${details.join(", ")})` : count;
  }

  private consent({
    channel,
    purpose,
    granted = true,
  }: {
    channel: string;
    purpose: string;
    granted?: boolean;
  }): string {
    const { maybe, t } = this.speech;
    const what = `${maybe(`channel.${channel}`, channel)} · ${maybe(`purpose.${purpose}`, purpose)}`;
    return t(granted ? "words.consents" : "words.noConsent", { what });
  }
}

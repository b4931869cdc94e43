// Bodies of answers: those of the API's document, and by hand those that it only calls objects.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Metric = Schemas["MetricBody"];
export type MetricAnswer = Schemas["MetricAnswer"];
/** What a metric is asked for; what is left out is as the server finds it best. */
export type MetricQuestion = {
  [Name in Exclude<keyof Schemas["MetricQuestion"], "segment">]?:
    NonNullable<Schemas["MetricQuestion"][Name]> | undefined;
} & { segment?: string | Definition | undefined };
export type Segment = Omit<Schemas["SegmentBody"], "definition" | "names"> & {
  definition: Definition;
  names?: Record<string, string>;
};
export type SegmentFigures = Omit<Schemas["SegmentFigures"], "customers" | "value_per_customer"> & {
  customers: Rate;
  value_per_customer: MoneyPer;
};
export type Member = Schemas["MemberBody"];
export type Action = Omit<Schemas["Action"], "segment"> & { segment: Definition };
export type Actions = Omit<Schemas["Actions"], "actions"> & { actions: Action[] };
export type Problem = Omit<Schemas["Problem"], "segment"> & { segment: Definition | null };
export type Problems = Omit<Schemas["Problems"], "found"> & { found: Problem[] };
export type Customer = Schemas["Customer"];
export type CustomerPage = Schemas["Page_CustomerRow"];
export type CustomerValue = Schemas["CustomerValue"];
export type TimelineEntry = Omit<Schemas["TimelineEntry"], "data"> & { data: Record<string, unknown> };
export type ContactStages = Omit<Schemas["ContactStages"], "stages"> & {
  stages: (Omit<Schemas["StageCount"], "standing" | "went_on"> & { standing: Rate; went_on: Rate | null })[];
};
export type Migration = Omit<Schemas["Migration"], "cells"> & {
  cells: (Omit<Schemas["MigrationCell"], "customers"> & { customers: Rate })[];
};
export type Persona = Omit<Schemas["Persona"], "customers" | "value_per_customer" | "clv_12m"> & {
  customers: Rate;
  value_per_customer: MoneyPer;
  clv_12m: MoneyPer;
};
export type Personas = Omit<Schemas["Personas"], "personas"> & { personas: Persona[] };
export type Preferences = Omit<Schemas["Preferences"], "found"> & {
  found: (Omit<Schemas["Preference"], "orders" | "usual"> & { orders: Rate; usual: Rate })[];
};
export type StagesOfContact = Schemas["StagesOfContact"];
export type Overlap = Omit<Schemas["Overlap"], "pairs"> & {
  pairs: (Omit<Schemas["OverlapPair"], "shared"> & { shared: Rate })[];
};
export type EventName = Schemas["EventName"];
export type Settings = Schemas["SettingsBody"];
export type Model = Schemas["ModelBody"];
export type Import = Schemas["ImportBody"];

/** A condition of a segment, as docs/segments.md describes it. */
export type Definition = Record<string, unknown>;

export interface Rate {
  value: number | null;
  numerator: number;
  denominator: number;
  small: boolean;
}

export interface MoneyPer {
  value: string | null;
  numerator: string | null;
  denominator: number;
  small: boolean;
}

/** What was left out of an answer, by reason. */
export type Excluded = Record<string, { count: number; amount: string }>;

export interface Headlines {
  as_of: string;
  currency: string;
  worth_90: MoneyPer;
  buys_again: Rate;
  late_good_customers: number;
  good_from: string | null;
  value_at_risk: string | null;
  excluded: Excluded;
}

export interface CohortCell {
  age: number;
  complete: boolean;
  provisional: boolean;
  ltv: MoneyPer;
  ltv_to_cac: number | null;
}

export interface Cohort {
  cohort: string;
  customers: number;
  small: boolean;
  cac: MoneyPer | null;
  ltv: CohortCell[];
  retention: { period: number; complete: boolean; retained: Rate; returned_by: Rate }[];
}

export interface Cohorts {
  as_of: string;
  currency: string;
  basis: string;
  ages: number[];
  cohorts: Cohort[];
}

export interface Flow {
  start: string;
  complete: boolean;
  active: number;
  new: number;
  returning: number;
  resurrected: number;
  dormant: number;
}

export interface StageThresholds {
  active_days: number;
  at_risk_days: number;
  gaps: number;
  own: boolean;
}

export interface Lifecycle {
  as_of: string;
  n: number;
  stages: { active: Rate; at_risk: Rate; lapsed: Rate };
  thresholds: { after_first: StageThresholds; after_later: StageThresholds };
  churn: { start: string; end: string; rate: Rate };
  loyalty_rate: Rate;
  flow: Flow[];
}

export interface Rfm {
  n: number;
  /** Three digits: recency, frequency, monetary score. */
  groups: { scores: string; customers: number; value: string | null }[];
}

export type Shop = Schemas["ShopBody"];

export interface PaybackRow {
  month: string | null;
  channel: string | null;
  new_customers: number;
  paid_customers: number | null;
  media: string;
  cost: string;
  paid_cac: MoneyPer | null;
  blended_cac: MoneyPer;
  value: string | null;
  roi: number | null;
  /** Value per customer at the ages that all of the row have reached: age in days, value in major units. */
  curve: [number, number][];
  /** The age at which value reaches cost; null if it has not. */
  payback_days: number | null;
}

export interface Payback {
  as_of: string;
  currency: string;
  basis: string;
  basis_note: string | null;
  months: PaybackRow[];
  channels: PaybackRow[];
  total: PaybackRow;
}

export interface Affinity {
  as_of: string;
  basket: "customer" | "order";
  baskets: number;
  minimum_support: number;
  pairs: { product_a: string; product_b: string; together: number; count_a: number; count_b: number; lift: number }[];
}

export interface Repeat {
  as_of: string;
  repeat_purchase_rate: Rate;
  buys_again: Rate;
  returning_customer_rate: Rate;
  gaps: { n: number; median: number | null; p25: number | null; p75: number | null };
  by_purchases: { purchases: string; customers: number }[];
}

export interface Concentration {
  as_of: string;
  currency: string;
  n: number;
  top: { percent: number; customers: number; share: { value: number | null } }[];
}

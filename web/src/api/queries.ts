// Questions to the server, each with the key under which its answer is kept.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ApiProblem, get, post } from "./client";
import type {
  Actions,
  Affinity,
  Cohorts,
  Concentration,
  ContactStages,
  Customer,
  CustomerPage,
  EventName,
  Headlines,
  Import,
  Lifecycle,
  Me,
  Metric,
  MetricAnswer,
  MetricQuestion,
  Migration,
  Model,
  Overlap,
  Payback,
  Personas,
  Preferences,
  Problems,
  Repeat,
  Rfm,
  Segment,
  Shop,
  StagesOfContact,
} from "./types";

export const me = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    try {
      return await get<Me>("/me", {}, signal);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const shop = queryOptions({
  queryKey: ["shop"],
  queryFn: ({ signal }) => get<Shop>("/shop", {}, signal),
  staleTime: 30_000,
});

export const metrics = queryOptions({
  queryKey: ["metrics"],
  queryFn: async ({ signal }) => (await get<{ items: Metric[] }>("/metrics", {}, signal)).items,
  staleTime: Infinity,
});

export const metric = (id: string, question: MetricQuestion) =>
  queryOptions({
    queryKey: ["metric", id, question],
    queryFn: ({ signal }) => post<MetricAnswer>(`/metrics/${id}/query`, question, signal),
    placeholderData: keepPreviousData,
  });

/** As of when, and of whom. */
export interface Asked {
  as_of?: string | undefined;
  basis?: string | undefined;
  segment?: string | undefined;
}

const analysis =
  <T>(name: string) =>
  (asked: Asked & Record<string, string | number | undefined>) =>
    queryOptions({
      queryKey: [name, asked],
      queryFn: ({ signal }) => get<T>(`/${name}`, asked, signal),
      placeholderData: keepPreviousData,
    });

export const headlines = analysis<Headlines>("headlines");
export const problems = analysis<Problems>("problems");
export const actions = analysis<Actions>("actions");
export const cohorts = analysis<Cohorts>("cohorts");
export const rfm = analysis<Rfm>("rfm");
export const payback = analysis<Payback>("payback");
export const affinity = analysis<Affinity>("affinity");
export const repeat = analysis<Repeat>("repeat");
export const concentration = analysis<Concentration>("concentration");
export const lifecycle = analysis<Lifecycle>("lifecycle");
export const contactStages = analysis<ContactStages>("contact-stages");
export const migration = analysis<Migration>("migration");
export const personas = analysis<Personas>("personas");
export const overlap = analysis<Overlap>("segment-overlap");

export const preferences = (id: string) =>
  queryOptions({
    queryKey: ["preferences", id],
    queryFn: ({ signal }) => get<Preferences>(`/customers/${id}/preferences`, {}, signal),
  });

export const customerStages = (id: string) =>
  queryOptions({
    queryKey: ["stages", id],
    queryFn: ({ signal }) => get<StagesOfContact>(`/customers/${id}/stages`, {}, signal),
  });

export const eventNames = queryOptions({
  queryKey: ["event-names"],
  queryFn: async ({ signal }) => (await get<{ items: EventName[] }>("/event-names", {}, signal)).items,
  staleTime: 60_000,
});

export const segments = (asOf: string | undefined) =>
  queryOptions({
    queryKey: ["segments", asOf],
    queryFn: async ({ signal }) =>
      (await get<{ items: Segment[] }>("/segments", { figures: true, as_of: asOf }, signal)).items,
    placeholderData: keepPreviousData,
  });

/** Fits of the model, the one that forecasts first. */
export const models = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => get<{ items: Model[] }>("/models", { limit: 1 }, signal),
});

/** The latest files that were handed in. */
export const imports = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }) => get<{ items: Import[] }>("/imports", { limit: 20 }, signal),
});

/** Segments without their figures. */
export const segmentNames = queryOptions({
  queryKey: ["segment names"],
  queryFn: async ({ signal }) => (await get<{ items: Segment[] }>("/segments", {}, signal)).items,
  staleTime: 60_000,
});

export const segment = (id: string, asOf: string | undefined) =>
  queryOptions({
    queryKey: ["segment", id, asOf],
    queryFn: ({ signal }) => get<Segment>(`/segments/${id}`, { as_of: asOf }, signal),
  });

export const customer = (id: string) =>
  queryOptions({
    queryKey: ["customer", id],
    queryFn: ({ signal }) => get<Customer>(`/customers/${id}`, {}, signal),
  });

/** Customers by the beginnings of names, addresses or numbers. */
export const customersBy = (q: string) =>
  queryOptions({
    queryKey: ["customers", q],
    queryFn: ({ signal }) => get<CustomerPage>("/customers", { q, limit: 20 }, signal),
    placeholderData: keepPreviousData,
  });

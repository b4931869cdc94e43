import { useQuery } from "@tanstack/react-query";
import { get } from "../../../api/client";
import { me } from "../../../api/queries";
import type { components } from "../../../api/schema";

type Schemas = components["schemas"];
export type KeptRecord = Schemas["QuarantinedRecord"];
export type Delivery = Schemas["DeliveryBody"];
export type DeadLetter = Schemas["DeadLetter"];

const list = <Item>(key: string, path: string, parameters: Record<string, string>) => ({
  queryKey: ["apart", key],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<{ items: Item[]; next?: string | null }>(path, { limit: 100, ...parameters }, signal),
});

/** What was kept apart and waits for somebody: records that make no sense, deliveries of shops, work that failed. */
export function useApart() {
  const scopes = useQuery(me).data?.scopes ?? [];
  const isAdmin = scopes.includes("admin");
  const records = useQuery(list<KeptRecord>("records", "/quarantine", { state: "open" }));
  const deliveries = useQuery({
    ...list<Delivery>("deliveries", "/deliveries", { state: "open" }),
    enabled: isAdmin || scopes.includes("people"),
  });
  const letters = useQuery({ ...list<DeadLetter>("letters", "/dead-letters", {}), enabled: isAdmin });
  const all = [records, deliveries, letters];
  return {
    records,
    deliveries,
    letters,
    isAdmin,
    count: all.reduce((sum, query) => sum + (query.data?.items.length ?? 0), 0),
    isMore: all.some((query) => query.data?.next),
    isKnown: all.every((query) => query.data !== undefined || query.fetchStatus === "idle"),
  };
}

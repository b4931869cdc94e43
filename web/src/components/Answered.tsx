import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "./Failure";

/** What was asked for, once it is there; until then its place, and what went wrong if something did. */
export function Answered<T>(props: { query: UseQueryResult<T>; height?: number; children: (answer: T) => ReactNode }) {
  const { query, height = 160, children } = props;
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton height={height} radius="lg" aria-busy />;
}

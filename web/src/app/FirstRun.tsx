import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { imports, shop } from "../api/queries";

const Welcome = lazy(() => import("../pages/data/Welcome"));

/**
 * Pages would be empty without orders: until there are some, the way to the first ones is shown instead. Whoever handed a file in stays there,
 * sees how far it is and what it tells, and goes on to the pages when they like.
 */
export function FirstRun(props: { children: ReactNode }) {
  const known = useQuery({
    ...shop,
    refetchInterval: (query) => (query.state.data && !query.state.data.last_day ? 2_000 : false),
  });
  const { pathname } = useLocation();
  const isEmpty = known.data !== undefined && !known.data.last_day;
  const [began, setBegan] = useState(false);
  if (isEmpty && !began) setBegan(true);
  const files = useQuery({ ...imports, enabled: began, refetchInterval: began && isEmpty ? 2_000 : false });
  const hasFile = (files.data?.items.length ?? 0) > 0;
  if (began && (isEmpty || hasFile) && pathname !== "/data") {
    return (
      <Suspense>
        <Welcome hasOrders={!isEmpty} onLeave={() => setBegan(false)} />
      </Suspense>
    );
  }
  return props.children;
}

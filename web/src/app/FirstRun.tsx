import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import { shop } from "../api/queries";

const Welcome = lazy(() => import("../pages/data/Welcome"));

/** Pages would be empty without orders: until there are some, the way to the first ones is shown instead. */
export function FirstRun(props: { children: ReactNode }) {
  const known = useQuery({
    ...shop,
    refetchInterval: (query) => (query.state.data && !query.state.data.last_day ? 2_000 : false),
  });
  const { pathname } = useLocation();
  if (known.data && !known.data.last_day && pathname !== "/data") {
    return (
      <Suspense>
        <Welcome />
      </Suspense>
    );
  }
  return props.children;
}

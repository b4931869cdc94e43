import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** Figures are asked for again at most this often, however busy the shop is. */
const AT_MOST_EVERY = 5_000;

/** Asks for figures again when the server says that orders were counted: they move without a reload. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let waiting: number | undefined;
    const stream = new EventSource("/api/v1/changes");
    stream.addEventListener("changed", () => {
      waiting ??= window.setTimeout(() => {
        waiting = undefined;
        void client.invalidateQueries({
          predicate: (query) => query.queryKey[0] !== "me" && query.queryKey[0] !== "metrics",
        });
      }, AT_MOST_EVERY);
    });
    return () => {
      window.clearTimeout(waiting);
      stream.close();
    };
  }, [client]);
}

import { Alert, Anchor, Progress, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../../../api/client";
import type { Import } from "../../../api/types";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { isUnderWay, shareOf, type State } from "./progress";

/** How far an import is, until it is over. */
export function Progressing({ id }: { id: string }) {
  const { t, number } = useSpeech();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["import", id],
    queryFn: ({ signal }) => get<Import>(`/imports/${id}`, {}, signal),
    refetchInterval: (current) => (current.state.data && !isUnderWay(current.state.data) ? false : 500),
  });
  const state = query.data?.state;
  useEffect(() => {
    if (state === "done") void client.invalidateQueries();
  }, [state, client]);
  if (query.isError) return <Failure error={query.error} />;
  const now = query.data;
  if (!now) return null;
  return (
    <div aria-live="polite">
      <Progress value={shareOf(now) * 100} animated={now.state !== "done"} aria-label={t("upload.progress")} mb="xs" />
      <Text size="sm" className="numbers">
        {t("upload.state", {
          state: t(`import.${now.state as State}`),
          rows: number(now.rows_read),
          facts: number(now.facts_done),
        })}
      </Text>
      {now.rows_rejected > 0 && (
        <Alert color="orange" variant="light" mt="xs">
          {t("upload.rejected", { count: now.rows_rejected, number: number(now.rows_rejected) })}{" "}
          <Anchor href={`/api/v1/imports/${id}/rejects.csv`} download>
            {t("upload.rejects")}
          </Anchor>
        </Alert>
      )}
      {now.error && (
        <Alert color="red" variant="light" mt="xs" lang="en">
          {now.error}
        </Alert>
      )}
    </div>
  );
}

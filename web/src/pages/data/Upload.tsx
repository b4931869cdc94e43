import { Alert, Anchor, Button, FileInput, Group, Progress, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { change, get, upload } from "../../api/client";
import { shop } from "../../api/queries";
import type { Import } from "../../api/types";
import { Failure } from "../../components/Failure";
import { useSpeech } from "../../i18n";

const ZONES = Intl.supportedValuesOf("timeZone");
const CURRENCIES = Intl.supportedValuesOf("currency");
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Hands orders in as a file, and shows how far the server is with it. */
export function Upload() {
  const { t } = useSpeech();
  const known = useQuery(shop).data;
  const client = useQueryClient();
  const [orders, setOrders] = useState<File | null>(null);
  const [refunds, setRefunds] = useState<File | null>(null);
  const [spend, setSpend] = useState<File | null>(null);
  const [zone, setZone] = useState<string | null>(null);
  const [currency, setCurrency] = useState<string | null>(null);
  const [source, setSource] = useState("file:orders");
  const isFirst = known !== undefined && !known.last_day;
  const send = useMutation({
    mutationFn: async () => {
      if (isFirst) {
        const chosen = { time_zone: zone ?? OWN_ZONE, ...(currency ? { currency } : {}) };
        await change("PATCH", "/settings", chosen);
      }
      const form = new FormData();
      for (const [name, file] of [
        ["orders", orders],
        ["refunds", refunds],
        ["spend", spend],
      ] as const) {
        if (file) form.append(name, file);
      }
      form.append("time_zone", isFirst ? (zone ?? OWN_ZONE) : (known?.time_zone ?? OWN_ZONE));
      return upload<Import>("/imports", { source }, form);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["imports"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <FileInput
          required
          label={t("upload.orders")}
          description={t("upload.ordersHint")}
          placeholder={t("upload.choose")}
          accept=".csv,.tsv,.txt,.xlsx,.xls,.ods,.json,.jsonl,.ndjson,.parquet"
          value={orders}
          onChange={setOrders}
        />
        <Group grow align="flex-start">
          <FileInput
            label={t("upload.refunds")}
            placeholder={t("upload.optional")}
            value={refunds}
            onChange={setRefunds}
          />
          <FileInput label={t("upload.spend")} placeholder={t("upload.optional")} value={spend} onChange={setSpend} />
        </Group>
        <TextInput
          required
          dir="ltr"
          label={t("upload.source")}
          description={t("upload.sourceHint")}
          pattern="[a-z0-9_\-]+:.+"
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        {isFirst && (
          <Group grow align="flex-start">
            <Select
              searchable
              label={t("upload.zone")}
              data={ZONES}
              value={zone ?? OWN_ZONE}
              onChange={setZone}
              allowDeselect={false}
            />
            <Select
              searchable
              clearable
              label={t("upload.currency")}
              placeholder={t("upload.currencyHint")}
              data={CURRENCIES}
              value={currency}
              onChange={setCurrency}
            />
          </Group>
        )}
        <Button type="submit" disabled={!orders} loading={send.isPending} style={{ alignSelf: "flex-start" }}>
          {t("upload.send")}
        </Button>
        {send.isError && <Failure error={send.error} />}
        {send.data && <Progressing id={send.data.id} />}
      </Stack>
    </form>
  );
}

/** How far an import is, until it is over. */
export function Progressing({ id }: { id: string }) {
  const { t, number } = useSpeech();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["import", id],
    queryFn: ({ signal }) => get<Import>(`/imports/${id}`, {}, signal),
    refetchInterval: (current) => (["done", "failed"].includes(current.state.data?.state ?? "") ? false : 500),
  });
  const state = query.data?.state;
  useEffect(() => {
    if (state === "done") void client.invalidateQueries();
  }, [state, client]);
  if (query.isError) return <Failure error={query.error} />;
  const now = query.data;
  if (!now) return null;
  const share =
    now.state === "done"
      ? 1
      : 0.5 * (now.bytes_read / Math.max(1, now.bytes_total)) + 0.5 * (now.facts_done / Math.max(1, now.facts_total));
  return (
    <div aria-live="polite">
      <Progress value={share * 100} animated={now.state !== "done"} aria-label={t("upload.progress")} mb="xs" />
      <Text size="sm" className="numbers">
        {t("upload.state", {
          state: t(`import.${now.state as "waiting" | "reading" | "writing" | "done" | "failed"}`),
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

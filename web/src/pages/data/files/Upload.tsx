import { Button, FileInput, Group, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { change, upload } from "../../../api/client";
import { shop } from "../../../api/queries";
import type { Import } from "../../../api/types";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { CURRENCIES, OWN_ZONE, ZONES } from "../zones";
import { Progressing } from "./Progressing";

/** Hands orders in as a file, and shows how far the server is with it. */
export function Upload() {
  const { t } = useSpeech();
  const known = useQuery(shop).data;
  const client = useQueryClient();
  const [orders, setOrders] = useState<File | null>(null);
  const [refunds, setRefunds] = useState<File | null>(null);
  const [spend, setSpend] = useState<File | null>(null);
  const [costs, setCosts] = useState<File | null>(null);
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
        ["costs", costs],
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
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <FileInput
            label={t("upload.refunds")}
            placeholder={t("upload.optional")}
            value={refunds}
            onChange={setRefunds}
          />
          <FileInput label={t("upload.spend")} placeholder={t("upload.optional")} value={spend} onChange={setSpend} />
          <FileInput label={t("upload.costs")} placeholder={t("upload.optional")} value={costs} onChange={setCosts} />
        </SimpleGrid>
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

import { Button, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { post } from "../../../api/client";
import { shop } from "../../../api/queries";
import { Failure } from "../../../components/Failure";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";

/** The system of record of costs that were written by hand. */
const SOURCE = "web:costs";

/** A cost of marketing: the same days and channel again replace it. */
export function Costs() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const known = useQuery(shop).data;
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [channel, setChannel] = useState("");
  const [amount, setAmount] = useState<number | string>("");
  const currency = known?.currency ?? "EUR";
  const add = useMutation({
    mutationFn: () =>
      post(`/spend?source=${encodeURIComponent(SOURCE)}`, {
        from,
        until,
        currency,
        amount: String(amount),
        ...(channel.trim() ? { channel: channel.trim() } : {}),
      }),
    onSuccess: async () => {
      notifications.show({ message: t("costs.added") });
      setAmount("");
      await client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Section title={t("costs.title")} hint={t("costs.hint")}>
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              type="date"
              required
              label={t("bar.from")}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              required
              label={t("bar.asOf")}
              min={from}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
            <TextInput
              label={t("by.channel")}
              description={t("costs.channelHint")}
              value={channel}
              onChange={(event) => setChannel(event.currentTarget.value)}
            />
            <NumberInput
              required
              min={0}
              decimalScale={2}
              label={t("costs.amount", { currency })}
              description={t("costs.amountHint")}
              value={amount}
              onChange={setAmount}
            />
          </SimpleGrid>
          <Button type="submit" variant="light" loading={add.isPending} style={{ alignSelf: "flex-start" }}>
            {t("costs.add")}
          </Button>
          {add.isError && <Failure error={add.error} />}
        </Stack>
      </form>
    </Section>
  );
}

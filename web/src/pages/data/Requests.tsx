import { Badge, Button, Group, Select, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import { ConfirmButton } from "../../components/ConfirmButton";
import { CustomerName } from "../../components/CustomerName";
import { Failure } from "../../components/Failure";
import { More } from "../../components/More";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type Status = components["schemas"]["PrivacyStatus"];

/** What customers asked for by law: copies and erasures, waiting, to be approved, done. */
export function Requests() {
  const { t } = useSpeech();
  const query = useInfiniteQuery({
    queryKey: ["privacy requests"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Status[]; next?: string | null }>("/privacy/requests", { cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next,
    refetchInterval: (current) =>
      current.state.data?.pages.some((page) => page.items.some((one) => one.state === "waiting")) ? 2000 : false,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="lg">
      <Section title={t("requests.title")} hint={t("requests.hint")}>
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : !query.data ? (
          <Skeleton height={80} aria-busy />
        ) : rows.length === 0 ? (
          <Text className="quiet">{t("requests.none")}</Text>
        ) : (
          <RequestTable rows={rows} />
        )}
        <More query={query} />
      </Section>
      <NewRequest />
    </Stack>
  );
}

function RequestTable({ rows }: { rows: Status[] }) {
  const { t, maybe, moment } = useSpeech();
  const client = useQueryClient();
  const approve = async (id: string) => {
    await post(`/privacy/requests/${id}/approve`, {});
    await client.invalidateQueries({ queryKey: ["privacy requests"] });
  };
  return (
    <Scrolls label={t("requests.title")} minWidth={680}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("requests.kind")}</Table.Th>
            <Table.Th>{t("table.customer")}</Table.Th>
            <Table.Th>{t("table.state")}</Table.Th>
            <Table.Th>{t("requests.asked")}</Table.Th>
            <Table.Th>{t("requests.done")}</Table.Th>
            <Table.Th aria-label={t("table.actions")} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>{maybe(`requestKind.${one.kind}`, one.kind)}</Table.Td>
              <Table.Td>{one.person ? <CustomerName id={one.person} /> : "–"}</Table.Td>
              <Table.Td>
                <Badge variant="light" tt="none" color={one.state === "done" ? "clove" : "orange"}>
                  {maybe(`requestState.${one.state}`, one.state)}
                </Badge>
              </Table.Td>
              <Table.Td className="numbers quiet">{moment(one.requested_at)}</Table.Td>
              <Table.Td className="numbers quiet">{one.done_at ? moment(one.done_at) : "–"}</Table.Td>
              <Table.Td ta="end">
                {one.has_document && (
                  <a
                    className="text-link"
                    href={`/api/v1/privacy/requests/${one.id}/document`}
                    download={`${one.id}.json`}
                  >
                    {t("privacy.document")}
                  </a>
                )}
                {one.state === "awaiting_approval" && (
                  <ConfirmButton
                    size="compact-sm"
                    label={t("requests.approve")}
                    warning={t("requests.approveWarning")}
                    isDangerous
                    run={() => approve(one.id)}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrolls>
  );
}

/** Writes down what somebody asked for who is known by an e-mail address. */
function NewRequest() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [kind, setKind] = useState<"export" | "erase">("export");
  const [email, setEmail] = useState("");
  const ask = async () => {
    await post("/privacy/requests", { kind, email: email.trim() });
    setEmail("");
    await client.invalidateQueries({ queryKey: ["privacy requests"] });
  };
  const copy = useMutation({ mutationFn: ask });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === "export") copy.mutate();
  };
  return (
    <Section title={t("requests.new")} hint={t("requests.newHint")}>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <Select
            label={t("requests.kind")}
            allowDeselect={false}
            value={kind}
            onChange={(value) => value && setKind(value as "export" | "erase")}
            data={(["export", "erase"] as const).map((one) => ({ value: one, label: t(`requestKind.${one}`) }))}
          />
          <TextInput
            type="email"
            required
            dir="ltr"
            label={t("signIn.email")}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {kind === "export" ? (
            <Button type="submit" variant="default" loading={copy.isPending}>
              {t("privacy.export")}
            </Button>
          ) : (
            <ConfirmButton
              label={t("privacy.erase")}
              confirm={t("privacy.eraseNow")}
              warning={t("privacy.eraseWarning")}
              variant="light"
              color="red"
              isDangerous
              run={ask}
            />
          )}
        </Group>
        {copy.isError && <Failure error={copy.error} />}
      </form>
    </Section>
  );
}

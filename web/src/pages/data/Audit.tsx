import { Skeleton, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../../api/client";
import type { components } from "../../api/schema";
import { Failure } from "../../components/Failure";
import { More } from "../../components/More";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type Entry = components["schemas"]["AuditEntry"];

/** Who did what to what, newest first; nobody can change it. */
export function Audit() {
  const { t } = useSpeech();
  const [action, setAction] = useState("");
  const [asked] = useDebouncedValue(action.trim(), 300);
  const query = useInfiniteQuery({
    queryKey: ["audit", asked],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Entry[]; next?: string | null }>("/audit", { cursor: pageParam, action: asked }, signal),
    getNextPageParam: (page) => page.next,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title={t("dataTab.audit")}
      hint={t("audit.hint")}
      aside={
        <TextInput
          size="xs"
          dir="ltr"
          aria-label={t("audit.action")}
          placeholder="key.created"
          value={action}
          onChange={(event) => setAction(event.currentTarget.value)}
        />
      }
    >
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton height={200} aria-busy />
      ) : rows.length === 0 ? (
        <Text className="quiet">{t("apart.none")}</Text>
      ) : (
        <Entries rows={rows} />
      )}
      <More query={query} />
    </Section>
  );
}

function Entries({ rows }: { rows: Entry[] }) {
  const { t, maybe, moment } = useSpeech();
  return (
    <Scrolls label={t("dataTab.audit")} minWidth={680}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("table.when")}</Table.Th>
            <Table.Th>{t("audit.who")}</Table.Th>
            <Table.Th>{t("audit.action")}</Table.Th>
            <Table.Th>{t("audit.target")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td className="numbers quiet">{moment(row.at)}</Table.Td>
              <Table.Td>
                {maybe(`actor.${row.actor_kind}`, row.actor_kind)}
                <Text size="xs" className="quiet" component="div">
                  <bdi dir="ltr">{row.actor}</bdi>
                </Text>
              </Table.Td>
              <Table.Td>
                <bdi dir="ltr">{row.action}</bdi>
                {row.details !== null && row.details !== undefined && (
                  <Text size="xs" className="quiet breaks" component="div">
                    <bdi dir="ltr">{JSON.stringify(row.details)}</bdi>
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="breaks">
                <bdi dir="ltr">{row.target}</bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrolls>
  );
}

import { Button, Group, Table, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { get } from "../../api/client";
import type { components } from "../../api/schema";
import { CustomerName } from "../../components/CustomerName";
import { Failure } from "../../components/Failure";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { Scrolls } from "../../components/Scrolls";

type Score = components["schemas"]["ScoreBody"];

/** Of whom most is expected, and the way to one whom the reader knows. */
export default function Customers() {
  const { t } = useSpeech();
  return (
    <>
      <PageHead title={t("nav.customers")} question={t("customers.question")} aside={<Find />} />
      <Top />
    </>
  );
}

function Find() {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const find = useMutation({
    mutationFn: (email: string) => get<{ id: string }>("/customers", { email }),
    onSuccess: (found) => navigate({ to: "/customers/$id", params: { id: found.id }, search: true }),
  });
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        find.mutate(text.trim());
      }}
    >
      <Group gap="xs" align="flex-start">
        <TextInput
          type="email"
          required
          dir="ltr"
          placeholder={t("customers.findHint")}
          aria-label={t("customers.find")}
          leftSection={<IconSearch size={16} />}
          value={text}
          error={find.isError ? t("customers.notFound") : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={find.isPending}>
          {t("customers.find")}
        </Button>
      </Group>
    </form>
  );
}

function Top() {
  const { t, money, share, number } = useSpeech();
  const query = useInfiniteQuery({
    queryKey: ["top"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Score[]; next: string | null }>("/customers/top", { limit: 50, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = query.isSuccess && rows.length === 0;
  return (
    <Section title={t("customers.top")} hint={t("customers.topHint")}>
      {isEmpty ? (
        <Text className="quiet">{t("customers.noForecast")}</Text>
      ) : (
        <Scrolls label={t("customers.top")} minWidth={620}>
          <Table className="numbers" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("table.customer")}</Table.Th>
                <Table.Th ta="end">{t("table.predicted")}</Table.Th>
                <Table.Th ta="end">{t("table.interval")}</Table.Th>
                <Table.Th ta="end">{t("table.purchases")}</Table.Th>
                <Table.Th ta="end">{t("table.buys")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.customer}>
                  <Table.Td>
                    <CustomerName id={row.customer} />
                  </Table.Td>
                  <Table.Td ta="end" fw={600}>
                    {money(row.predicted_value, row.currency)}
                  </Table.Td>
                  <Table.Td ta="end" className="quiet">
                    {money(row.predicted_low, row.currency, 0)} – {money(row.predicted_high, row.currency, 0)}
                  </Table.Td>
                  <Table.Td ta="end">{number(row.expected_purchases ?? 0, 1)}</Table.Td>
                  <Table.Td ta="end">{share(row.probability_of_purchase, 0)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrolls>
      )}
      {query.hasNextPage && (
        <Button mt="sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("table.more")}
        </Button>
      )}
    </Section>
  );
}

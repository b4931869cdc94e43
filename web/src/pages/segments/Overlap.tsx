import { Table } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { post } from "../../api/client";
import { segmentNames } from "../../api/queries";
import type { Rate } from "../../api/types";
import { CustomersLink } from "../../components/CustomersLink";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "./names";

/** How many of a segment are in the others too. */
export function Overlap({ id, customers }: { id: string; customers: number }) {
  const { t, language, number, share } = useSpeech();
  const view = useView();
  const others = (useQuery(segmentNames).data ?? []).filter((one) => one.id !== id && !one.unavailable);
  const both = (other: string) => ({ all: [{ segment: id }, { segment: other }] });
  const counts = useQueries({
    queries: others.map((one) => ({
      queryKey: ["overlap", id, one.id, view.asOf],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        post<{ customers: Rate }>("/segments/preview", { definition: both(one.id), as_of: view.asOf }, signal),
    })),
  });
  const rows = others
    .flatMap((segment, index) => {
      const count = counts[index]?.data?.customers.numerator;
      return count ? [{ segment, count }] : [];
    })
    .toSorted((left, right) => right.count - left.count);
  if (customers === 0 || rows.length === 0) return null;
  return (
    <Section title={t("overlap.title")} hint={t("overlap.hint")}>
      <Scrolls label={t("overlap.title")} minWidth={320}>
        <Table fz="sm" className="numbers">
          <Table.Tbody>
            {rows.map(({ segment, count }) => (
              <Table.Tr key={segment.id}>
                <Table.Td>
                  <CustomersLink of={both(segment.id)}>
                    <bdi>{segmentName(segment, language)}</bdi>
                  </CustomersLink>
                </Table.Td>
                <Table.Td ta="end">{number(count)}</Table.Td>
                <Table.Td ta="end">{share(count / customers, 0)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
    </Section>
  );
}

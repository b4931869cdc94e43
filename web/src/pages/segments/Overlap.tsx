import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { segmentNames, segmentOverlap } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { CustomersLink } from "../../components/CustomersLink";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "./names";

/** How many of a segment are in the others too, and how much more often than by chance. */
export function Overlap({ id }: { id: string }) {
  const { t, language, number, share } = useSpeech();
  const view = useView();
  const names = useQuery(segmentNames).data ?? [];
  const others = names.filter((one) => one.id !== id && !one.unavailable).map((one) => one.id);
  const query = useQuery({
    ...segmentOverlap({ as_of: view.asOf, segments: [id, ...others].join(",") }),
    enabled: others.length > 0,
  });
  return (
    <Section title={t("overlap.title")} hint={t("overlap.hint")}>
      <Answered query={query}>
        {({ pairs }) => {
          const rows = pairs
            .filter((pair) => pair.a === id && pair.b !== id && pair.shared.numerator > 0)
            .toSorted((left, right) => right.shared.numerator - left.shared.numerator);
          if (rows.length === 0) return <Text className="quiet">{t("segments.nobody")}</Text>;
          return (
            <Scrolls label={t("overlap.title")} minWidth={360}>
              <Table fz="sm" className="numbers">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("table.segment")}</Table.Th>
                    <Table.Th ta="end">{t("table.customers")}</Table.Th>
                    <Table.Th ta="end">{t("table.share")}</Table.Th>
                    <Table.Th ta="end">{t("products.lift")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map(({ b, shared, lift }) => {
                    const other = names.find((one) => one.id === b);
                    return (
                      <Table.Tr key={b} className={shared.small ? "quiet" : ""}>
                        <Table.Td>
                          <CustomersLink of={{ all: [{ segment: id }, { segment: b }] }}>
                            <bdi>{other ? segmentName(other, language) : b}</bdi>
                          </CustomersLink>
                        </Table.Td>
                        <Table.Td ta="end">{number(shared.numerator)}</Table.Td>
                        <Table.Td ta="end">{share(shared.value, 0)}</Table.Td>
                        <Table.Td ta="end">{lift === null ? "–" : `${number(lift, 1)}×`}</Table.Td>
                      </Table.Tr>
                    );
                  })}
                </Table.Tbody>
              </Table>
            </Scrolls>
          );
        }}
      </Answered>
    </Section>
  );
}

import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { overlap, segmentNames } from "../../api/queries";
import { CustomersLink } from "../../components/CustomersLink";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "./names";

/** How many of a segment are in the others too. */
export function Overlap({ id }: { id: string }) {
  const { t, language, number, share } = useSpeech();
  const view = useView();
  const known = useQuery(segmentNames).data ?? [];
  const query = useQuery(overlap({ as_of: view.asOf }));
  const rows = (query.data?.pairs ?? [])
    .filter((pair) => pair.a === id && pair.b !== id && pair.shared.numerator > 0)
    .toSorted((left, right) => right.shared.numerator - left.shared.numerator)
    .flatMap((pair) => {
      const segment = known.find((one) => one.id === pair.b);
      return segment ? [{ segment, pair }] : [];
    });
  if (rows.length === 0) return null;
  return (
    <Section title={t("overlap.title")} hint={t("overlap.hint")}>
      <Scrolls label={t("overlap.title")} minWidth={320}>
        <Table fz="sm" className="numbers">
          <Table.Tbody>
            {rows.map(({ segment, pair }) => (
              <Table.Tr key={segment.id}>
                <Table.Td>
                  <CustomersLink of={{ all: [{ segment: id }, { segment: segment.id }] }}>
                    <bdi>{segmentName(segment, language)}</bdi>
                  </CustomersLink>
                </Table.Td>
                <Table.Td ta="end">{number(pair.shared.numerator)}</Table.Td>
                <Table.Td ta="end">{share(pair.shared.value, 0)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
    </Section>
  );
}

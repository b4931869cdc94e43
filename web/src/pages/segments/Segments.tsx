import { Button, Stack, Table, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { segments } from "../../api/queries";
import type { Segment } from "../../api/types";
import { Answered } from "../../components/Answered";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "./names";
import { Personas } from "./Personas";
import { RfmMap } from "./RfmMap";
import { Words } from "./Words";
import { Scrolls } from "../../components/Scrolls";

export default function Segments() {
  const { t } = useSpeech();
  const view = useView();
  const query = useQuery(segments(view.asOf));
  return (
    <>
      <PageHead
        title={t("nav.segments")}
        question={t("segments.question")}
        aside={
          <Button component={Link} {...{ to: "/segments/new", search: true }} leftSection={<IconPlus size={16} />}>
            {t("segments.new")}
          </Button>
        }
      />
      <Stack gap="lg">
        <Section title={t("segments.all")} hint={t("segments.hint")}>
          <Answered query={query} height={400}>
            {(all) => <SegmentTable segments={all} />}
          </Answered>
        </Section>
        <Personas />
        <RfmMap />
      </Stack>
    </>
  );
}

function SegmentTable({ segments: all }: { segments: Segment[] }) {
  const { t, language, number, share, money } = useSpeech();
  return (
    <Scrolls label={t("segments.all")} minWidth={560}>
      <Table highlightOnHover verticalSpacing="sm" className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("table.segment")}</Table.Th>
            <Table.Th ta="end">{t("table.customers")}</Table.Th>
            <Table.Th ta="end">{t("table.share")}</Table.Th>
            <Table.Th ta="end">{t("table.valueEach")}</Table.Th>
            <Table.Th ta="end">{t("table.valueShare")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map((segment) => {
            const figures = segment.figures;
            const rate = figures?.customers as { value: number | null; numerator: number } | undefined;
            const each = figures?.value_per_customer as { value: string | null } | undefined;
            return (
              <Table.Tr key={segment.id}>
                <Table.Td>
                  <Link to="/segments/$id" params={{ id: segment.id }} search={true} style={{ color: "inherit" }}>
                    <Text fw={600} component="bdi">
                      {segmentName(segment, language)}
                    </Text>
                  </Link>
                  <Text size="xs" className="quiet" component="div">
                    <Words of={segment.definition} english={segment.words} />
                  </Text>
                </Table.Td>
                {figures && rate && each ? (
                  <>
                    <Table.Td ta="end">{number(rate.numerator)}</Table.Td>
                    <Table.Td ta="end">{share(rate.value)}</Table.Td>
                    <Table.Td ta="end">{money(each.value, figures.currency)}</Table.Td>
                    <Table.Td ta="end">{share(figures.value_share)}</Table.Td>
                  </>
                ) : (
                  <Table.Td colSpan={4} className="quiet" ta="end">
                    <bdi lang="en">{segment.unavailable}</bdi>
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Scrolls>
  );
}

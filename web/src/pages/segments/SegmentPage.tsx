import { Button, Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconDownload, IconFilter, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { change, get } from "../../api/client";
import { segment as segmentOf } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { ConfirmButton } from "../../components/ConfirmButton";
import type { Figure } from "../../components/figure/figure";
import { FigureMenu } from "../../components/figure/FigureMenu";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Members } from "../customers/Members";
import { segmentName } from "./names";
import { Overlap } from "./Overlap";
import { Words } from "./Words";
import { Scrolls } from "../../components/Scrolls";

interface HistoryStep {
  as_of: string;
  complete: boolean;
  customers: number;
  entered: number | null;
  left: number | null;
  value: string | null;
}

export default function SegmentPage() {
  const { t, language, number, share, money } = useSpeech();
  const { id } = useParams({ strict: false }) as { id: string };
  const view = useView();
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = useQuery(segmentOf(id, view.asOf));
  const remove = async () => {
    await change("DELETE", `/segments/${id}`);
    await client.invalidateQueries({ queryKey: ["segments"] });
    await client.invalidateQueries({ queryKey: ["segment names"] });
    await navigate({ to: "/segments", search: true });
  };
  return (
    <Answered query={query} height={300}>
      {(segment) => {
        const figures = segment.figures;
        const rate = figures?.customers as { value: number | null; numerator: number } | undefined;
        const each = figures?.value_per_customer as { value: string | null } | undefined;
        const about = {
          title: segmentName(segment, language),
          question: { as_of: view.asOf, segment: id },
        };
        const again = figures?.repeat_purchase_rate as { value: number | null } | undefined;
        return (
          <Stack gap="lg">
            <PageHead
              title={segmentName(segment, language)}
              {...(segment.note && segment.kind === "saved" ? { question: segment.note } : {})}
              aside={
                <Group gap="xs">
                  <Button
                    variant="default"
                    leftSection={<IconFilter size={16} />}
                    onClick={() => void navigate({ to: "/", search: (before) => ({ ...before, segment: id }) })}
                  >
                    {t("segments.look")}
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconDownload size={16} />}
                    component="a"
                    href={`/api/v1/segments/${id}/export?as_of=${view.asOf}`}
                    download
                  >
                    {t("segments.export")}
                  </Button>
                  {segment.kind === "saved" && (
                    <ConfirmButton
                      label={t("segments.delete")}
                      warning={t("segments.confirmDelete")}
                      leftSection={<IconTrash size={16} />}
                      isDangerous
                      run={remove}
                    />
                  )}
                </Group>
              }
            />
            <Text className="quiet">
              <Words of={segment.definition} english={segment.words} />
            </Text>
            {figures && rate && each && again ? (
              <SimpleGrid cols={{ base: 2, md: 4 }}>
                <Fact label={t("table.customers")} value={number(rate.numerator)} note={share(rate.value)} />
                <Fact
                  label={t("table.valueEach")}
                  value={money(each.value, figures.currency)}
                  figure={{ metric: "historic_clv", ...about, row: { segment: id, value_per_customer: each.value } }}
                />
                <Fact label={t("table.valueShare")} value={share(figures.value_share)} />
                <Fact
                  label={t("table.again")}
                  value={share(again.value)}
                  figure={{ metric: "repeat_purchase_rate", ...about, row: { segment: id, rate: again.value } }}
                />
              </SimpleGrid>
            ) : (
              <Text lang="en">{segment.unavailable}</Text>
            )}
            {figures && (
              <>
                <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
                  <History id={id} />
                  <Overlap id={id} />
                </SimpleGrid>
                <Section title={t("segments.members")} hint={t("segments.membersHint")}>
                  <Members segment={id} />
                </Section>
              </>
            )}
          </Stack>
        );
      }}
    </Answered>
  );
}

function Fact({ label, value, note, figure }: { label: string; value: string; note?: string; figure?: Figure }) {
  return (
    <div className="card" style={{ padding: "var(--mantine-spacing-md)" }}>
      <Text size="sm" className="quiet">
        {label}
      </Text>
      <Text fz={24} fw={600} className="numbers">
        {figure ? <FigureMenu figure={figure}>{value}</FigureMenu> : value}
      </Text>
      {note && (
        <Text size="xs" className="quiet numbers">
          {note}
        </Text>
      )}
    </div>
  );
}

function History({ id }: { id: string }) {
  const { t, day, number, signed } = useSpeech();
  const view = useView();
  const query = useQuery({
    queryKey: ["segment history", id, view.asOf],
    queryFn: ({ signal }) => get<{ steps: HistoryStep[] }>(`/segments/${id}/history`, { until: view.asOf }, signal),
  });
  return (
    <Section title={t("segments.history")} hint={t("segments.historyHint")}>
      <Answered query={query}>
        {({ steps }) => (
          <Scrolls label={t("segments.history")} minWidth={420}>
            <Table className="numbers" fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("table.month")}</Table.Th>
                  <Table.Th ta="end">{t("table.customers")}</Table.Th>
                  <Table.Th ta="end">{t("table.entered")}</Table.Th>
                  <Table.Th ta="end">{t("table.left")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {steps.map((step) => (
                  <Table.Tr key={step.as_of} className={step.complete ? "" : "quiet"}>
                    <Table.Td>
                      {day(step.as_of, "month")}
                      {step.complete ? "" : ` (${t("figure.incomplete")})`}
                    </Table.Td>
                    <Table.Td ta="end">{number(step.customers)}</Table.Td>
                    <Table.Td ta="end">{step.entered === null ? "–" : signed(step.entered)}</Table.Td>
                    <Table.Td ta="end">{step.left === null ? "–" : signed(-step.left)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Scrolls>
        )}
      </Answered>
    </Section>
  );
}

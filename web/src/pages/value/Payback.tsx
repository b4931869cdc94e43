import { Stack, Table, Text } from "@mantine/core";
import type { Cohorts, Payback, PaybackRow } from "../../api/types";
import { CustomersLink } from "../../components/CustomersLink";
import { groupOf } from "../../components/figure/figure";
import { NoCosts } from "../../components/NoCosts";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech, type Speech } from "../../i18n";
import { hasCosts, monthsWithCosts, paidBack } from "./payback";

/** Months shown at most: the latest ones. */
const MOST = 13;

/** The age at which a row has earned its cost back, in words. */
export function paybackText(row: PaybackRow, { t, number }: Speech): string {
  if (Number(row.cost) === 0) return "–";
  if (row.payback_days === null) return t("payback.notYet");
  const days = Math.ceil(row.payback_days);
  return days === 0 ? t("payback.atOnce") : t("payback.days", { days, number: number(days) });
}

/** What customers of each month cost, what they had brought by day 90, and when they had earned their cost back. */
export function PaybackSection({ answer, cohorts }: { answer: Payback; cohorts: Cohorts }) {
  const speech = useSpeech();
  const { t, money, number, day } = speech;
  if (!hasCosts(answer)) {
    return (
      <Section title={t("payback.section")}>
        <NoCosts />
      </Section>
    );
  }
  const months = monthsWithCosts(answer, undefined).slice(-MOST).toReversed();
  const cohortOf = new Map(cohorts.cohorts.map((cohort) => [cohort.cohort, cohort]));
  const paid = paidBack(answer, months.at(-1)?.month ? `${months.at(-1)?.month}-01` : undefined);
  return (
    <Section
      title={t("payback.section")}
      hint={t("payback.hint")}
      aside={
        <SectionMenu
          name="payback"
          request={`/payback?as_of=${answer.as_of}&basis=${answer.basis}`}
          rows={answer.months.map((row) => ({
            month: row.month,
            new_customers: row.new_customers,
            cost: row.cost,
            cost_each: row.blended_cac.value,
            payback_days: row.payback_days,
          }))}
        />
      }
    >
      <Stack gap="sm">
        {paid.state === "paid" && (
          <Text>
            {paid.days === 0
              ? t("payback.sentenceAtOnce", { paid: paid.paid, months: paid.months })
              : t("payback.sentence", { days: paid.days, paid: paid.paid, months: paid.months })}
          </Text>
        )}
        {answer.basis_note && (
          <Text size="sm" className="quiet" lang="en">
            {answer.basis_note}
          </Text>
        )}
        <Scrolls label={t("payback.section")} minWidth={560}>
          <Table fz="sm" className="numbers">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("value.cohort")}</Table.Th>
                <Table.Th ta="end">{t("acquisition.new")}</Table.Th>
                <Table.Th ta="end">{t("value.cac")}</Table.Th>
                <Table.Th ta="end">{t("value.at90")}</Table.Th>
                <Table.Th ta="end">{t("value.ratio")}</Table.Th>
                <Table.Th ta="end">{t("payback.title")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {months.map((row) => {
                const early = cohortOf.get(row.month ?? "")?.ltv.find((cell) => cell.age === 90);
                return (
                  <Table.Tr key={row.month} className={row.blended_cac.small ? "quiet" : ""}>
                    <Table.Td>
                      <CustomersLink of={groupOf("cohort", row.month ?? "")}>
                        {day(row.month ?? "", "month")}
                      </CustomersLink>
                    </Table.Td>
                    <Table.Td ta="end">{number(row.new_customers)}</Table.Td>
                    <Table.Td ta="end">{money(row.blended_cac.value, answer.currency)}</Table.Td>
                    <Table.Td ta="end" className={early?.complete ? "" : "quiet"}>
                      {early?.complete ? money(early.ltv.value, answer.currency) : t("figure.incomplete")}
                    </Table.Td>
                    <Table.Td ta="end">
                      {early?.complete && early.ltv_to_cac !== null ? `${number(early.ltv_to_cac, 1)}×` : "–"}
                    </Table.Td>
                    <Table.Td ta="end">{paybackText(row, speech)}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Scrolls>
      </Stack>
    </Section>
  );
}

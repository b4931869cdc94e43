import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { payback } from "../../api/queries";
import type { MetricQuestion } from "../../api/types";
import { Answered } from "../../components/Answered";
import { GroupTable, type Further } from "../../components/figure/GroupTable";
import type { GroupRow } from "../../components/figure/groups";
import { NoCosts } from "../../components/NoCosts";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { paybackText } from "../value/Payback";
import { hasCosts } from "../value/payback";

const AGE = 90;
type Name = "customers" | "cost" | "cac" | "ltv" | "again" | "sales";

/** Value to cost of a channel's customers; nothing where they cost nothing. */
const ratioOf = ({ value }: GroupRow<"cac" | "ltv">): number | null =>
  value.cac !== null && value.cac > 0 && value.ltv !== null ? value.ltv / value.cac : null;

/** Where customers come from, what they cost there, and what they bring. */
export default function Acquisition() {
  const { t } = useSpeech();
  const view = useView();
  const query = useQuery(payback({ as_of: view.asOf, basis: view.basis, segment: view.segment }));
  return (
    <>
      <PageHead title={t("nav.acquisition")} question={t("acquisition.question")} />
      <Answered query={query} height={320}>
        {(paid) => (
          <Stack gap="lg">
            <Channels paid={paid} />
            {hasCosts(paid) && (
              <Text size="sm" className="quiet">
                {t("acquisition.import")}{" "}
                <Link to="/data" search={(before) => ({ ...before, tab: "files" })} className="text-link">
                  {t("value.addCosts")}
                </Link>
              </Text>
            )}
          </Stack>
        )}
      </Answered>
    </>
  );
}

function Channels({ paid }: { paid: Parameters<typeof hasCosts>[0] }) {
  const speech = useSpeech();
  const { t, day, number } = speech;
  const view = useView();
  const all: MetricQuestion = { as_of: view.asOf, by: "channel", segment: view.segment };
  const span: MetricQuestion = { ...all, ...(view.from === undefined ? {} : { from: view.from }) };
  // Whoever came within the last 90 days is too young to tell: value is that of all customers old enough.
  const grown: MetricQuestion = { ...all, basis: view.basis, age_days: AGE };
  const figures = {
    customers: { metric: "new_customers", label: t("acquisition.new"), question: span },
    sales: { metric: "net_sales", label: t("products.sales"), question: span },
    ltv: { metric: "ltv", label: t("value.at90"), question: grown },
    again: { metric: "buys_again_180", label: t("products.again"), question: all },
  };
  const costs = {
    cost: { metric: "marketing_cost", label: t("acquisition.cost"), question: span },
    cac: { metric: "cac", label: t("value.cac"), question: span },
  };
  const paybackOf = new Map(paid.channels.map((row) => [row.channel, row]));
  const further: Further<Name>[] = [
    {
      key: "value_to_cost",
      label: t("value.ratio"),
      by: ratioOf,
      text: (row) => {
        const ratio = ratioOf(row);
        return ratio === null ? "–" : <span className={ratio < 1 ? "bad" : ""}>{number(ratio, 1)}×</span>;
      },
    },
    {
      key: "payback_days",
      label: t("payback.title"),
      by: (row) => paybackOf.get(row.group)?.payback_days ?? null,
      text: (row) => {
        const known = paybackOf.get(row.group);
        return known ? paybackText(known, speech) : "–";
      },
    },
  ];
  const common = {
    name: "channels",
    label: t("acquisition.channels"),
    by: "channel",
    groupLabel: t("by.channel"),
    small: "customers" as const,
  };
  return (
    <Section
      title={t("acquisition.channels")}
      hint={t("acquisition.hint", { from: view.from ? day(view.from) : t("span.all"), until: day(view.asOf) })}
    >
      {hasCosts(paid) ? (
        <GroupTable<Name>
          {...common}
          minWidth={900}
          figures={{ ...figures, ...costs }}
          further={further}
          note={(rows) => <Losing rows={rows} />}
        />
      ) : (
        <>
          <GroupTable {...common} minWidth={560} figures={figures} />
          <NoCosts />
        </>
      )}
    </Section>
  );
}

/** Channels whose customers have not earned back their cost at 90 days. */
function Losing({ rows }: { rows: GroupRow<Name>[] }) {
  const { t } = useSpeech();
  const losing = rows.filter((row) => !row.small.ltv && (ratioOf(row) ?? 1) < 1);
  if (losing.length === 0) return null;
  return (
    <Text mb="sm" className="bad">
      {t("acquisition.losing", { channels: losing.map((row) => row.group).join(", ") })}
    </Text>
  );
}

import { Badge, Group, SimpleGrid, Stack, Text, Timeline } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { get } from "../../api/client";
import { customer, segments } from "../../api/queries";
import type { Customer, CustomerValue, TimelineEntry } from "../../api/types";
import { Answered } from "../../components/Answered";
import { nameOf } from "../../components/CustomerName";
import { Failure } from "../../components/Failure";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech, type Speech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "../segments/names";
import { major } from "./amounts";
import { Consents } from "./Consents";
import { Joined } from "./Joined";
import { OrderStrip } from "./OrderStrip";
import { Preferences } from "./Preferences";
import { Privacy } from "./Privacy";
import { StageLine } from "./StageLine";

/** Who this is, what they are worth, what happened. */
export default function Profile() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(customer(id));
  return (
    <Answered query={query} height={400}>
      {(known) => (
        <>
          <PageHead title={nameOf(known, id)} question={contactsOf(known)} />
          <Stack gap="lg">
            <Memberships known={known} />
            <StageLine id={id} />
            <Worth id={id} />
            <OrderStrip known={known} />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Happened id={id} />
              <Stack gap="lg">
                <Preferences id={id} />
                <Consents id={id} />
                <Joined id={id} />
                <Privacy id={id} />
              </Stack>
            </SimpleGrid>
          </Stack>
        </>
      )}
    </Answered>
  );
}

function contactsOf(known: Customer): string {
  const profile = known.profile;
  return [...(profile?.emails ?? []), ...(profile?.phones ?? []), profile?.country].filter(Boolean).join(" · ");
}

function Worth({ id }: { id: string }) {
  const { t, money, share, number, day } = useSpeech();
  const query = useQuery({
    queryKey: ["clv", id],
    queryFn: ({ signal }) => get<CustomerValue>(`/customers/${id}/clv`, {}, signal),
  });
  return (
    <Answered query={query}>
      {({ statistics, score, reason }) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          {statistics.map((row) => (
            <Section key={row.currency} title={t("profile.soFar")}>
              <Text fz={32} fw={650} className="numbers">
                {money(row.net, row.currency)}
              </Text>
              <Text size="sm" className="quiet numbers">
                {t("profile.orders", { count: row.orders, number: number(row.orders) })}
                {row.first_order && ` · ${t("profile.since", { day: day(row.first_order) })}`}
                {row.last_purchase && ` · ${t("profile.last", { day: day(row.last_purchase) })}`}
              </Text>
              {Number(row.refunded) > 0 && (
                <Text size="sm" className="quiet numbers">
                  {t("profile.refunded", { value: money(row.refunded, row.currency) })}
                </Text>
              )}
            </Section>
          ))}
          <Section title={t("profile.expected")}>
            {score ? (
              <>
                <Text fz={32} fw={650} className="numbers">
                  {money(score.predicted_value, score.currency)}
                </Text>
                <Interval low={score.predicted_low} high={score.predicted_high} mid={score.predicted_value} />
                {score.predicted_low && score.predicted_high && (
                  <Text size="sm" className="quiet numbers">
                    {t("profile.interval", {
                      low: money(score.predicted_low, score.currency),
                      high: money(score.predicted_high, score.currency),
                    })}
                  </Text>
                )}
                {typeof score.probability_of_purchase === "number" && (
                  <Text size="sm" className="quiet numbers">
                    {t("profile.chance", {
                      share: share(score.probability_of_purchase, 0),
                      purchases: number(score.expected_purchases ?? 0, 1),
                    })}
                  </Text>
                )}
                {reason && (
                  <Text size="sm" className="quiet">
                    {t("customers.noForecast")}
                  </Text>
                )}
              </>
            ) : (
              <Text className="quiet" component="bdi" lang="en">
                {reason}
              </Text>
            )}
          </Section>
        </SimpleGrid>
      )}
    </Answered>
  );
}

type Amount = string | null | undefined;

/** Where the expected value lies in its interval; the words beside say the same. */
function Interval({ low, high, mid }: { low: Amount; high: Amount; mid: Amount }) {
  const [from, until, at] = [Number(low ?? 0), Number(high ?? 0), Number(mid ?? 0)];
  if (!(until > from)) return null;
  const place = Math.max(0, Math.min(1, (at - from) / (until - from)));
  return (
    <div aria-hidden style={{ position: "relative", height: 14, marginBlock: 6 }}>
      <div
        style={{
          position: "absolute",
          insetInline: 0,
          insetBlockStart: 5,
          height: 4,
          borderRadius: 2,
          background: "var(--mantine-primary-color-light-hover)",
        }}
      />
      <div
        style={{
          position: "absolute",
          insetInlineStart: `calc(${(place * 100).toFixed(1)}% - 5px)`,
          insetBlockStart: 2,
          width: 10,
          height: 10,
          borderRadius: 5,
          background: "var(--clove-accent)",
        }}
      />
    </div>
  );
}

function Memberships({ known }: { known: Customer }) {
  const { t, language } = useSpeech();
  const view = useView();
  const all = useQuery(segments(view.asOf)).data ?? [];
  const own = all.filter((segment) => known.segments.includes(segment.id));
  if (own.length === 0) return null;
  return (
    <Group gap="xs" aria-label={t("nav.segments")} role="group">
      {own.map((segment) => (
        <Link key={segment.id} to="/segments/$id" params={{ id: segment.id }} search={true}>
          <Badge variant="light" size="lg" tt="none" style={{ cursor: "pointer" }}>
            {segmentName(segment, language)}
          </Badge>
        </Link>
      ))}
    </Group>
  );
}

function Happened({ id }: { id: string }) {
  const speech = useSpeech();
  const { t } = speech;
  const query = useInfiniteQuery({
    queryKey: ["timeline", id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: TimelineEntry[]; next: string | null }>(
        `/customers/${id}/timeline`,
        { limit: 20, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });
  if (query.isError) return <Failure error={query.error} />;
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("profile.timeline")}>
      <Timeline bulletSize={10} lineWidth={1} active={entries.length}>
        {entries.map((entry) => (
          <Timeline.Item key={entry.fact} title={<Text size="sm">{titleOf(entry, speech)}</Text>}>
            <Text size="xs" className="quiet numbers">
              {speech.moment(entry.at)} · <bdi dir="ltr">{entry.source}</bdi>
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      <More query={query} />
    </Section>
  );
}

function titleOf(entry: TimelineEntry, speech: Speech): string {
  const { t, maybe } = speech;
  const data = entry.data;
  const text = (name: string) => (typeof data[name] === "string" ? (data[name] as string) : "");
  const name = maybe(`kind.${entry.kind}`, entry.kind);
  if (entry.kind === "order") {
    const currency = text("currency") || "EUR";
    const value = major(Number(data.gross) - Number(data.discount ?? 0), currency);
    return t("profile.order", {
      id: entry.id,
      value: speech.money(value, currency),
      status: maybe(`status.${text("status")}`, text("status")),
    });
  }
  if (entry.kind === "refund") {
    const currency = text("currency") || "EUR";
    return t("profile.refund", {
      id: text("order"),
      value: speech.money(major(Number(data.items ?? 0) + Number(data.tax_and_shipping ?? 0), currency), currency),
    });
  }
  if (entry.kind === "event") return `${name}: ${text("event")}`;
  if (entry.kind === "consent") return `${name}: ${text("channel")}, ${text("purpose")}`;
  return name;
}

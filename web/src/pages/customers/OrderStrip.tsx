import { useQuery } from "@tanstack/react-query";
import { shop } from "../../api/queries";
import type { Customer } from "../../api/types";
import { ChartOrTable } from "../../components/ChartOrTable";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { major } from "./amounts";

const [WIDTH, HEIGHT, EDGE] = [800, 84, 8];
const DAY = 86_400_000_000;

/** Every order at its moment, the taller the more it was worth; the line ends today. */
export function OrderStrip({ known }: { known: Customer }) {
  const { t, money, moment, number, maybe, day } = useSpeech();
  const today = useQuery(shop).data?.today;
  const orders = known.orders;
  const [first, last] = [orders[0], orders.at(-1)];
  if (!first || !last || !today) return null;
  const end = Math.max(Date.parse(`${today}T23:59:59Z`) * 1000, last.placed_at);
  const length = Math.max(end - first.placed_at, DAY);
  const value = (order: (typeof orders)[number]) => major(order.gross - order.discount, order.currency);
  const most = Math.max(...orders.map(value), 1);
  const x = (at: number) => EDGE + ((at - first.placed_at) / length) * (WIDTH - 2 * EDGE);
  const years = Array.from({ length: 40 }, (_, index) => new Date(first.placed_at / 1000).getUTCFullYear() + 1 + index)
    .map((year) => ({ year, at: Date.UTC(year, 0, 1) * 1000 }))
    .filter(({ at }) => at < end);
  const summary = t("strip.summary", {
    count: orders.length,
    number: number(orders.length),
    from: moment(first.placed_at),
    since: number(Math.floor((end - last.placed_at) / DAY)),
  });
  return (
    <Section title={t("strip.title")} hint={summary}>
      <ChartOrTable
        label={t("strip.title")}
        columns={[t("table.when"), t("table.order"), t("table.value"), t("table.state")]}
        rows={orders
          .toReversed()
          .map((order) => [
            moment(order.placed_at),
            order.id,
            money(value(order), order.currency),
            maybe(`status.${order.status}`, order.status),
          ])}
      >
        <Scrolls label={t("strip.title")} minWidth={520}>
          {/* Time runs from left to right in every language. */}
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            width="100%"
            role="img"
            aria-label={summary}
            style={{ display: "block" }}
          >
            {years.map(({ year, at }) => (
              <g key={year}>
                <line x1={x(at)} x2={x(at)} y1={6} y2={HEIGHT - 18} stroke="var(--clove-line)" />
                <text x={x(at) + 4} y={16} fontSize="11" fill="var(--clove-quiet)">
                  {year}
                </text>
              </g>
            ))}
            <line x1={EDGE} x2={WIDTH - EDGE} y1={HEIGHT - 18} y2={HEIGHT - 18} stroke="var(--clove-quiet)" />
            {orders.map((order) => {
              const height = 6 + (Math.max(value(order), 0) / most) * (HEIGHT - 34);
              return (
                <line
                  key={order.source + order.id}
                  x1={x(order.placed_at)}
                  x2={x(order.placed_at)}
                  y1={HEIGHT - 18}
                  y2={HEIGHT - 18 - height}
                  stroke={order.status === "cancelled" ? "var(--clove-bad)" : "var(--clove-accent)"}
                  strokeDasharray={order.status === "paid" ? undefined : "2 2"}
                  strokeWidth="3"
                  strokeLinecap="round"
                >
                  <title>{`${moment(order.placed_at)}: ${money(value(order), order.currency)}`}</title>
                </line>
              );
            })}
            <text x={EDGE} y={HEIGHT - 4} fontSize="11" fill="var(--clove-quiet)">
              {day(new Date(first.placed_at / 1000).toISOString().slice(0, 10))}
            </text>
            <text x={WIDTH - EDGE} y={HEIGHT - 4} fontSize="11" fill="var(--clove-quiet)" textAnchor="end">
              {day(today)}
            </text>
          </svg>
        </Scrolls>
      </ChartOrTable>
    </Section>
  );
}

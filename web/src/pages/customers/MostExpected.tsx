import { Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { components } from "../../api/schema";
import { CustomerName } from "../../components/CustomerName";
import { Failure } from "../../components/Failure";
import { More } from "../../components/More";
import { SortableTable, type Column } from "../../components/SortableTable";
import { useSpeech } from "../../i18n";

type Score = components["schemas"]["ScoreBody"];

const AVERAGE = "cohort-average";

/** The customers of whom most is expected, each with the interval of it. */
export function MostExpected() {
  const { t, money, share, number, maybe } = useSpeech();
  const query = useInfiniteQuery({
    queryKey: ["top"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Score[]; next: string | null }>("/customers/top", { limit: 50, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={300} aria-busy />;
  const rows = query.data.pages.flatMap((page) => page.items);
  // The average of all says of whom most is expected as little as nothing does.
  if (rows.every((row) => row.model === AVERAGE)) return <Text className="quiet">{t("customers.noForecast")}</Text>;
  const columns: Column<Score>[] = [
    { key: "customer", label: t("table.customer"), isText: true, cell: (row) => <CustomerName id={row.customer} /> },
    {
      key: "expected",
      label: t("table.predicted"),
      by: (row) => Number(row.predicted_value),
      cell: (row) => <b>{money(row.predicted_value, row.currency)}</b>,
    },
    {
      key: "interval",
      label: t("table.interval"),
      by: (row) => Number(row.predicted_low),
      cell: (row) => (
        <span className="quiet">
          {money(row.predicted_low, row.currency, 0)} – {money(row.predicted_high, row.currency, 0)}
        </span>
      ),
    },
    {
      key: "purchases",
      label: t("table.purchases"),
      by: (row) => row.expected_purchases ?? null,
      cell: (row) => number(row.expected_purchases ?? 0, 1),
    },
    {
      key: "buys",
      label: t("table.buys"),
      by: (row) => row.probability_of_purchase ?? null,
      cell: (row) => share(row.probability_of_purchase, 0),
    },
    {
      key: "band",
      label: t("table.band"),
      cell: (row) => (row.band ? maybe(`band.${row.band}`, row.band) : "–"),
    },
  ];
  return (
    <>
      <SortableTable
        label={t("customers.expected")}
        minWidth={680}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.customer}
        isPart={query.hasNextPage}
      />
      <More query={query} />
    </>
  );
}

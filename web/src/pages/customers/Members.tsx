import { Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Member } from "../../api/types";
import { CustomerName } from "../../components/CustomerName";
import { Failure } from "../../components/Failure";
import { More } from "../../components/More";
import { SortableTable, type Column } from "../../components/SortableTable";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** The customers of a segment, those who brought most first. */
export function Members({ segment }: { segment: string }) {
  const { t, maybe, money, day, number } = useSpeech();
  const { asOf, currency } = useView();
  const query = useInfiniteQuery({
    queryKey: ["members", segment, asOf],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Member[]; next: string | null }>(
        `/segments/${segment}/members`,
        { as_of: asOf, limit: 50, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={300} aria-busy />;
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Text className="quiet">{t("segments.nobody")}</Text>;
  const columns: Column<Member>[] = [
    { key: "customer", label: t("table.customer"), isText: true, cell: (row) => <CustomerName id={row.customer} /> },
    {
      key: "stage",
      label: t("table.stage"),
      isText: true,
      by: (row) => row.stage ?? null,
      cell: (row) => (row.stage ? maybe(`stage.${row.stage}`, row.stage) : "–"),
    },
    { key: "orders", label: t("table.orders"), by: (row) => row.orders, cell: (row) => number(row.orders) },
    {
      key: "value",
      label: t("table.value"),
      by: (row) => Number(row.value),
      cell: (row) => <b>{money(row.value, currency)}</b>,
    },
    {
      key: "year",
      label: t("figureName.value_12m"),
      by: (row) => Number(row.value_12m),
      cell: (row) => money(row.value_12m, currency),
    },
    { key: "first", label: t("data.first"), by: (row) => row.first_order, cell: (row) => day(row.first_order) },
    {
      key: "last",
      label: t("table.lastPurchase"),
      by: (row) => row.last_purchase ?? null,
      cell: (row) => (row.last_purchase ? day(row.last_purchase) : "–"),
    },
  ];
  return (
    <>
      <SortableTable
        label={t("segments.members")}
        minWidth={720}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.customer}
        isPart={query.hasNextPage}
      />
      <More query={query} />
    </>
  );
}

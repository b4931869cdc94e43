import { SegmentedControl, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../api/client";
import { affinity } from "../../api/queries";
import type { Affinity as Pairs, Definition } from "../../api/types";
import { Answered } from "../../components/Answered";
import { CustomersLink } from "../../components/CustomersLink";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { SortableTable, type Column } from "../../components/SortableTable";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

type Pair = Pairs["pairs"][number];

/** Baskets that a pair must be in before it is shown: fewer are chance. */
const SUPPORT = 20;

/** Who bought the one and not yet the other. */
const without = (bought: string, missing: string): Definition => ({
  all: [{ orders: { products: [bought] } }, { orders: { products: [missing], at_most: 0 } }],
});

/** Products that the same customers, or the same orders, hold more often than chance would have it. */
export function Affinity() {
  const { t, number } = useSpeech();
  const view = useView();
  const [basket, setBasket] = useState<"customer" | "order">("customer");
  const asked = { as_of: view.asOf, segment: view.segment, basket, support: SUPPORT };
  const query = useQuery(affinity(asked));
  const columns: Column<Pair>[] = [
    {
      key: "pair",
      label: t("products.pair"),
      isText: true,
      cell: (row) => (
        <>
          <bdi>{row.product_a}</bdi>
          <Text span className="quiet" size="sm">
            {" + "}
          </Text>
          <bdi>{row.product_b}</bdi>
        </>
      ),
    },
    {
      key: "together",
      label: t(`products.together.${basket}`),
      by: (row) => row.together,
      cell: (row) => number(row.together),
    },
    { key: "lift", label: t("products.lift"), by: (row) => row.lift, cell: (row) => `${number(row.lift, 1)}×` },
    {
      key: "missing",
      label: t("products.missing"),
      cell: (row) => (
        <>
          <CustomersLink of={without(row.product_a, row.product_b)}>
            <bdi>{row.product_b}</bdi>
          </CustomersLink>
          {" · "}
          <CustomersLink of={without(row.product_b, row.product_a)}>
            <bdi>{row.product_a}</bdi>
          </CustomersLink>
        </>
      ),
    },
  ];
  return (
    <Section
      title={t("products.affinity")}
      hint={t("products.affinityHint", { support: SUPPORT })}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("products.basket")}
          value={basket}
          onChange={(value) => setBasket(value as "customer" | "order")}
          data={(["customer", "order"] as const).map((value) => ({ value, label: t(`products.basket.${value}`) }))}
        />
      }
    >
      {query.error instanceof ApiProblem && query.error.status === 400 ? (
        <Text className="quiet">{t("figure.noColumn")}</Text>
      ) : (
        <Answered query={query} height={260}>
          {(answer) =>
            answer.pairs.length === 0 ? (
              <Text className="quiet">{t("products.noPairs")}</Text>
            ) : (
              <>
                <SortableTable
                  label={t("products.affinity")}
                  minWidth={760}
                  columns={columns}
                  rows={answer.pairs}
                  most={10}
                  keyOf={(row) => `${row.product_a}\n${row.product_b}`}
                />
                <SectionMenu
                  name="affinity"
                  request={`/affinity?as_of=${answer.as_of}&basket=${basket}&support=${SUPPORT}`}
                  rows={answer.pairs.map(({ product_a, product_b, together, lift }) => ({
                    product_a,
                    product_b,
                    together,
                    lift,
                  }))}
                />
              </>
            )
          }
        </Answered>
      )}
    </Section>
  );
}

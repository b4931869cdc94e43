import { GroupTable } from "../../components/figure/GroupTable";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Orders of the span by the product that they begin with: sales, discounts, returns. */
export function LedOrders() {
  const { t } = useSpeech();
  const view = useView();
  const question = {
    as_of: view.asOf,
    by: "first_product",
    segment: view.segment,
    ...(view.from === undefined ? {} : { from: view.from }),
  };
  return (
    <Section title={t("products.led")} hint={t("products.ledHint")}>
      <GroupTable
        name="orders-by-product"
        label={t("products.led")}
        by="first_product"
        groupLabel={t("products.product")}
        minWidth={620}
        small="orders"
        figures={{
          orders: { metric: "orders", label: t("table.orders"), question },
          sales: { metric: "net_sales", label: t("products.sales"), question },
          discounted: { metric: "discount_share_orders", label: t("products.discounted"), question },
          returned: { metric: "refund_rate_orders", label: t("products.returned"), question },
        }}
      />
    </Section>
  );
}

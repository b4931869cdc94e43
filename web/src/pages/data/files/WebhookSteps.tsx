import { Button, Code, CopyButton, List, Text } from "@mantine/core";
import { useSpeech } from "../../../i18n";

export type System = "shopify" | "woocommerce";

export const isSystem = (name: string): name is System => name === "shopify" || name === "woocommerce";

const TOPICS: Record<System, string[]> = {
  shopify: ["orders/updated", "refunds/create", "customers/update", "products/update", "checkouts/update"],
  woocommerce: [
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "customer.created",
    "customer.updated",
    "product.created",
    "product.updated",
  ],
};

/** What to enter in the shop system, so that it sends what happens there. */
export function WebhookSteps({ system, path }: { system: System; path: string }) {
  const { t } = useSpeech();
  const address = location.origin + path;
  return (
    <div>
      <Text size="sm" mb={4}>
        {t("connect.address")}
      </Text>
      <Code block dir="ltr">
        {address}
      </Code>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="subtle" mt={4} onClick={copy}>
            {t(copied ? "copied" : "copy")}
          </Button>
        )}
      </CopyButton>
      <Text size="sm" mt="sm" mb={4}>
        {t(`connect.topics.${system}`)}
      </Text>
      <List size="sm" dir="ltr">
        {TOPICS[system].map((topic) => (
          <List.Item key={topic}>
            <Code>{topic}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  );
}

import { Button, Code, CopyButton, List, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { post } from "../../api/client";
import type { components } from "../../api/schema";
import { Failure } from "../../components/Failure";
import { useSpeech } from "../../i18n";

type Source = components["schemas"]["SourceBody"];
type System = "shopify" | "woocommerce";

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

/** Connects a shop system by its webhooks: the secret goes here, an address goes there. */
export function Connect() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [system, setSystem] = useState<System>("shopify");
  const [name, setName] = useState("my-shop");
  const [secret, setSecret] = useState("");
  const add = useMutation({
    mutationFn: () => post<Source>("/sources", { name: `${system}:${name}`, webhook_secret: secret }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  const address = add.data?.webhook_path ? location.origin + add.data.webhook_path : null;
  return (
    <form onSubmit={submit}>
      <Stack>
        <SegmentedControl
          aria-label={t("connect.system")}
          value={system}
          onChange={(value) => setSystem(value as System)}
          data={[
            { value: "shopify", label: "Shopify" },
            { value: "woocommerce", label: "WooCommerce" },
          ]}
        />
        <TextInput
          required
          dir="ltr"
          label={t("connect.name")}
          pattern="[a-z0-9\-]+"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          required
          label={t("connect.secret")}
          description={t(`connect.secretHint.${system}`)}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <Button type="submit" variant="light" loading={add.isPending} style={{ alignSelf: "flex-start" }}>
          {t("connect.add")}
        </Button>
        {add.isError && <Failure error={add.error} />}
        {address && (
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
        )}
      </Stack>
    </form>
  );
}

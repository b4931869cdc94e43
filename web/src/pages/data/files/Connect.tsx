import { Button, PasswordInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { post } from "../../../api/client";
import type { components } from "../../../api/schema";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { WebhookSteps, type System } from "./WebhookSteps";

type Source = components["schemas"]["SourceBody"];
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
  const path = add.data?.webhook_path;
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
        {path && <WebhookSteps system={system} path={path} />}
      </Stack>
    </form>
  );
}

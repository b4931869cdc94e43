import { Alert, Button, Checkbox, Code, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { post } from "../../../api/client";
import type { components } from "../../../api/schema";
import { copyText } from "../../../components/copy";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { SCOPES } from "./roles";

type NewKey = components["schemas"]["NewKey"];

/** Makes a key, and shows it this once. */
export function AddKey() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const [name, setName] = useState("");
  const [source, setSource] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const add = useMutation({
    mutationFn: () => post<NewKey>("/keys", { name: name.trim(), scopes, ...(source ? { source } : {}) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["keys"] }),
  });
  const leave = () => {
    close();
    add.reset();
    setName("");
    setSource("");
    setScopes(["read"]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={15} />} onClick={open}>
        {t("keys.add")}
      </Button>
      <Modal opened={opened} onClose={leave} title={t("keys.add")} closeButtonProps={{ "aria-label": t("close") }}>
        {add.data ? (
          <Stack>
            <Alert color="orange" variant="light">
              {t("keys.once")}
            </Alert>
            <Code block dir="ltr" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {add.data.key}
            </Code>
            <Button variant="default" onClick={() => copyText(add.data.key, t("copied"))}>
              {t("copy")}
            </Button>
            <Button onClick={leave}>{t("keys.kept")}</Button>
          </Stack>
        ) : (
          <form onSubmit={submit}>
            <Stack>
              <TextInput
                required
                data-autofocus
                maxLength={100}
                label={t("builder.name")}
                description={t("keys.nameHint")}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Checkbox.Group label={t("keys.scopes")} value={scopes} onChange={setScopes}>
                <Stack gap="xs" mt={6}>
                  {SCOPES.map((scope) => (
                    <Checkbox
                      key={scope}
                      value={scope}
                      label={t(`scope.${scope}`)}
                      description={t(`scopeHint.${scope}`)}
                    />
                  ))}
                </Stack>
              </Checkbox.Group>
              <TextInput
                dir="ltr"
                label={t("keys.source")}
                description={t("keys.sourceHint")}
                placeholder="web:shop"
                pattern="[a-z0-9_\-]+:.+"
                value={source}
                onChange={(event) => setSource(event.currentTarget.value)}
              />
              {scopes.length === 0 && <Text size="sm">{t("keys.noScope")}</Text>}
              {add.isError && <Failure error={add.error} />}
              <Button type="submit" loading={add.isPending} disabled={scopes.length === 0}>
                {t("keys.make")}
              </Button>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}

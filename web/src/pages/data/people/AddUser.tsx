import { Button, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { post } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { ROLES, SHORTEST_PASSWORD, type Role } from "./roles";

/** Adds somebody, with a first password for them to change. */
export function AddUser() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const [role, setRole] = useState<Role>("analyst");
  const add = useMutation({
    mutationFn: (user: Record<string, string>) => post("/users", user),
    onSuccess: async () => {
      close();
      await client.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "");
    add.mutate({ name: field("name").trim(), email: field("email").trim(), password: field("password"), role });
  };
  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={15} />} onClick={open}>
        {t("users.add")}
      </Button>
      <Modal opened={opened} onClose={close} title={t("users.add")} closeButtonProps={{ "aria-label": t("close") }}>
        <form onSubmit={submit}>
          <Stack>
            <TextInput required name="name" label={t("builder.name")} maxLength={100} data-autofocus />
            <TextInput required name="email" type="email" dir="ltr" label={t("signIn.email")} autoComplete="off" />
            <PasswordInput
              required
              name="password"
              label={t("users.password")}
              description={t("users.passwordHint", { characters: SHORTEST_PASSWORD })}
              minLength={SHORTEST_PASSWORD}
              autoComplete="new-password"
            />
            <Select
              label={t("users.role")}
              description={t(`roleHint.${role}`)}
              allowDeselect={false}
              value={role}
              onChange={(value) => value && setRole(value as Role)}
              data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
            />
            {add.isError && <Failure error={add.error} />}
            <Button type="submit" loading={add.isPending}>
              {t("users.add")}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

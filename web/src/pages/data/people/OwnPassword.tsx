import { Button, PasswordInput, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { change } from "../../../api/client";
import { me } from "../../../api/queries";
import { Failure } from "../../../components/Failure";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { SHORTEST_PASSWORD } from "./roles";

/** Changes the password of whoever is signed in with one. */
export function OwnPassword() {
  const { t } = useSpeech();
  const user = useQuery(me).data?.user;
  const set = useMutation({
    mutationFn: (passwords: { current: string; new: string }) => change("PUT", "/me/password", passwords),
    onSuccess: () => notifications.show({ message: t("password.changed") }),
  });
  if (!user) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const passwords = { current: String(fields.get("current") ?? ""), new: String(fields.get("new") ?? "") };
    set.mutate(passwords, { onSuccess: () => form.reset() });
  };
  return (
    <Section title={t("password.title")}>
      <form onSubmit={submit}>
        <Stack maw={360}>
          <PasswordInput required name="current" label={t("password.current")} autoComplete="current-password" />
          <PasswordInput
            required
            name="new"
            label={t("password.new")}
            description={t("users.passwordHint", { characters: SHORTEST_PASSWORD })}
            minLength={SHORTEST_PASSWORD}
            autoComplete="new-password"
          />
          {set.isError && <Failure error={set.error} />}
          <Button type="submit" variant="light" loading={set.isPending} style={{ alignSelf: "flex-start" }}>
            {t("password.change")}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { post } from "../api/client";
import { Failure } from "../components/Failure";
import { Logo } from "../components/Logo";
import { useSpeech } from "../i18n";

type Credentials = { owner_key: string } | { email: string; password: string };

/** The owner's key of an address such as `/#key=clove_...`, which is taken out of the address at once. */
function keyOfAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key) history.replaceState(null, "", location.pathname + location.search);
  return key;
}

export function SignIn() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [byKey, setByKey] = useState(true);
  const tried = useRef(false);
  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => post("/session", credentials),
    onSuccess: () => client.invalidateQueries(),
  });
  const { mutate } = signIn;
  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    const key = keyOfAddress();
    if (key) mutate({ owner_key: key });
  }, [mutate]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    mutate(byKey ? { owner_key: field("key") } : { email: field("email"), password: field("password") });
  };

  return (
    <Center mih="100vh" p="md" component="main">
      <Paper className="card" p="xl" w="100%" maw={420}>
        <form onSubmit={submit}>
          <Stack>
            <Logo />
            <Title order={1} size="h3">
              {t("signIn.title")}
            </Title>
            {byKey ? (
              <PasswordInput name="key" label={t("signIn.key")} description={t("signIn.keyHint")} required />
            ) : (
              <>
                <TextInput name="email" type="email" label={t("signIn.email")} autoComplete="username" required />
                <PasswordInput name="password" label={t("signIn.password")} autoComplete="current-password" required />
              </>
            )}
            {signIn.isError && <Failure error={signIn.error} />}
            <Button type="submit" loading={signIn.isPending}>
              {t("signIn.submit")}
            </Button>
            <Text size="sm">
              <Anchor component="button" type="button" onClick={() => setByKey(!byKey)}>
                {t(byKey ? "signIn.byEmail" : "signIn.byKey")}
              </Anchor>
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

import { Button, Group, JsonInput, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { change, get, post } from "../../../api/client";
import { Answered } from "../../../components/Answered";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";
import { Row } from "./Row";
import type { KeptRecord } from "./useApart";

/** A record that makes no sense: mended and tried again, or thrown away. */
export function RecordRow({ one }: { one: KeptRecord }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const discard = async () => {
    await change("DELETE", `/quarantine/${one.id}`);
    await client.invalidateQueries({ queryKey: ["apart"] });
  };
  return (
    <>
      <Row
        problems={[{ detail: one.message, pointer: one.pointer, remedy: one.remedy }]}
        origin={`${one.source} · ${one.format}`}
        at={one.received_at}
        actions={
          <>
            <Button size="compact-sm" variant="default" onClick={open}>
              {t("apart.mend")}
            </Button>
            <ConfirmButton
              size="compact-sm"
              label={t("apart.discard")}
              warning={t("apart.discardWarning")}
              isDangerous
              run={discard}
            />
          </>
        }
      />
      <Modal
        opened={opened}
        onClose={close}
        size="lg"
        title={t("apart.mend")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Mend one={one} onDone={close} />
      </Modal>
    </>
  );
}

function Mend({ one, onDone }: { one: KeptRecord; onDone: () => void }) {
  const query = useQuery({
    queryKey: ["apart", "record", one.id],
    queryFn: ({ signal }) => get<{ record?: unknown }>(`/quarantine/${one.id}`, {}, signal),
  });
  return (
    <Answered query={query}>
      {({ record }) => <Editor id={one.id} record={JSON.stringify(record ?? {}, null, 2)} onDone={onDone} />}
    </Answered>
  );
}

function Editor({ id, record, onDone }: { id: string; record: string; onDone: () => void }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [text, setText] = useState(record);
  const retry = useMutation({
    mutationFn: () => post(`/quarantine/${id}/retry`, JSON.parse(text)),
    onSuccess: async () => {
      onDone();
      notifications.show({ message: t("apart.taken") });
      await client.invalidateQueries();
    },
  });
  return (
    <Stack>
      <JsonInput
        autosize
        minRows={8}
        maxRows={24}
        dir="ltr"
        label={t("apart.record")}
        validationError={t("apart.noJson")}
        styles={{ input: { fontFamily: "monospace" } }}
        value={text}
        onChange={setText}
      />
      {retry.isError && <Failure error={retry.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t("cancel")}
        </Button>
        <Button loading={retry.isPending} onClick={() => retry.mutate()}>
          {t("apart.retry")}
        </Button>
      </Group>
    </Stack>
  );
}

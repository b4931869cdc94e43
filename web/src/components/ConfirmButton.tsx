import { Button, Group, Modal, Stack, Text, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSpeech } from "../i18n";
import { Failure } from "./Failure";

/** A button for what should not happen by mistake: it says what will happen, and asks. */
export function ConfirmButton(
  props: Pick<ButtonProps, "size" | "variant" | "leftSection" | "color"> & {
    /** What the button and the question are called. */
    label: string;
    warning: string;
    /** What the button of the question says, if not the same. */
    confirm?: string;
    isDangerous?: boolean;
    run: () => Promise<unknown>;
    children?: ReactNode;
  },
) {
  const { label, warning, confirm, isDangerous = false, run, children, ...button } = props;
  const { t } = useSpeech();
  const [asking, { open, close }] = useDisclosure();
  const action = useMutation({ mutationFn: run, onSuccess: close });
  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {label}
      </Button>
      <Modal opened={asking} onClose={close} title={label} closeButtonProps={{ "aria-label": t("close") }}>
        <Stack>
          <Text size="sm">{warning}</Text>
          {children}
          {action.isError && <Failure error={action.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("cancel")}
            </Button>
            <Button
              {...(isDangerous ? { color: "red" } : {})}
              loading={action.isPending}
              onClick={() => action.mutate()}
            >
              {confirm ?? label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

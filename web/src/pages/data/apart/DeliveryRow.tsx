import { useQueryClient } from "@tanstack/react-query";
import { change } from "../../../api/client";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { useSpeech } from "../../../i18n";
import { RetryButton } from "./RetryButton";
import { Row } from "./Row";
import type { Delivery } from "./useApart";

/** A webhook of a shop that could not be taken: tried again, once the cause is gone, or thrown away. */
export function DeliveryRow({ one }: { one: Delivery }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const discard = async () => {
    await change("DELETE", `/deliveries/${one.id}`);
    await client.invalidateQueries({ queryKey: ["apart"] });
  };
  return (
    <Row
      problems={one.problems}
      origin={`${one.source} · ${one.topic}`}
      at={one.received_at}
      actions={
        <>
          <RetryButton path={`/deliveries/${one.id}/retry`} />
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
  );
}

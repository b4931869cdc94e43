import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../i18n";

/** Where a cost would stand if any were known: nothing, and the way to hand some in. */
export function NoCosts() {
  const { t } = useSpeech();
  return (
    <Text size="sm" className="quiet" mt={4}>
      {t("value.noCosts")}{" "}
      <Link to="/data" search={(before) => ({ ...before, tab: "files" })} className="text-link">
        {t("value.addCosts")}
      </Link>
    </Text>
  );
}

import { Button, Group } from "@mantine/core";
import { IconCode, IconDownload } from "@tabler/icons-react";
import { useSpeech } from "../i18n";
import { copyText } from "./copy";
import { downloadCsv } from "./csv";

/** Takes along what a section shows: as CSV, and as the request that gives it. */
export function SectionMenu(props: {
  name: string;
  rows: Record<string, string | number | null>[];
  /** Path and parameters of the request, where there is one. */
  request?: string;
}) {
  const { t } = useSpeech();
  const { name, rows, request } = props;
  const curl = `curl '${location.origin}/api/v1${request ?? ""}' -H "Authorization: Bearer $CLOVE_KEY"`;
  return (
    <Group gap={4}>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={<IconDownload size={14} />}
        disabled={rows.length === 0}
        onClick={() => downloadCsv(`${name}.csv`, rows)}
      >
        CSV
      </Button>
      {request && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconCode size={14} />}
          title={t("figure.request")}
          onClick={() => copyText(curl, t("copied"))}
        >
          API
        </Button>
      )}
    </Group>
  );
}

import { Button } from "@mantine/core";
import { useSpeech } from "../i18n";

/** The next page of a list, where there is one. */
export function More(props: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}) {
  const { t } = useSpeech();
  const { query } = props;
  if (!query.hasNextPage) return null;
  return (
    <Button
      mt="sm"
      size="xs"
      variant="default"
      loading={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {t("table.more")}
    </Button>
  );
}

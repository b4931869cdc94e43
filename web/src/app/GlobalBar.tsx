import {
  ActionIcon,
  Button,
  Group,
  Pill,
  Popover,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconAdjustmentsHorizontal, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { segments } from "../api/queries";
import { useSpeech } from "../i18n";
import { BASES, SPANS, useView, type Basis, type Span } from "../state/view";
import { segmentName } from "../pages/segments/names";

/** As of when, over which span, on which basis, of whom: what every page looks at. */
export function GlobalBar() {
  const speech = useSpeech();
  const { t, day } = speech;
  const view = useView();
  const known = useQuery({ ...segments(view.asOf), enabled: view.segment !== undefined });
  const segment = known.data?.find((one) => one.id === view.segment);
  return (
    <Group gap="xs" style={{ flex: 1, minWidth: 0 }} wrap="nowrap">
      <Popover position="bottom-start" width={320} withArrow trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            size="sm"
            radius="xl"
            leftSection={<IconAdjustmentsHorizontal size={16} />}
            style={{ minWidth: 0 }}
          >
            <Text span size="sm" truncate>
              {t("bar.looking", {
                day: day(view.asOf),
                span: t(`span.${view.span}`),
                basis: t(`basis.${view.basis}`),
              })}
            </Text>
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="sm">
            <TextInput
              type="date"
              label={t("bar.asOf")}
              description={view.endsEarly ? t("bar.endsEarly", { day: day(view.asOf) }) : undefined}
              value={view.asOf}
              onChange={(event) => view.change({ asOf: event.currentTarget.value || undefined })}
            />
            <div>
              <Text size="sm" fw={500} mb={4}>
                {t("bar.span")}
              </Text>
              <SegmentedControl
                fullWidth
                size="xs"
                aria-label={t("bar.span")}
                value={view.span}
                onChange={(span) => view.change({ span: span as Span })}
                data={SPANS.map((value) => ({ value, label: t(`span.${value}`) }))}
              />
            </div>
            <Select
              label={t("bar.compare")}
              disabled={view.span === "all"}
              value={view.compare ?? null}
              allowDeselect={false}
              onChange={(compare) => view.change({ compare: compare as "previous" | "year" })}
              data={[
                { value: "year", label: t("compare.year") },
                { value: "previous", label: t("compare.previous") },
              ]}
            />
            <Select
              label={t("bar.basis")}
              description={t(`basisHint.${view.basis}`)}
              value={view.basis}
              allowDeselect={false}
              onChange={(basis) => view.change({ basis: basis as Basis })}
              data={BASES.map((value) => ({ value, label: t(`basis.${value}`) }))}
            />
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {view.segment !== undefined && (
        <Pill size="md" style={{ minWidth: 0 }}>
          <Group gap={4} wrap="nowrap">
            <Text span size="sm" truncate>
              <bdi>{segment ? segmentName(segment, speech.language) : view.segment}</bdi>
            </Text>
            <ActionIcon
              size="sm"
              variant="transparent"
              color="gray"
              aria-label={t("bar.noSegment")}
              onClick={() => view.change({ segment: undefined })}
            >
              <IconX size={14} />
            </ActionIcon>
          </Group>
        </Pill>
      )}
    </Group>
  );
}

import { Button, Popover, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useSpeech } from "../i18n";
import { SPANS, type Looking, type Span } from "../state/view";

/** The days that count: ready-made spans, or any by their first and last day. */
export function ChooseSpan({ view, hasSpan }: { view: Looking; hasSpan: boolean }) {
  const { t, day } = useSpeech();
  const dates =
    hasSpan && view.from !== undefined
      ? t("bar.dates", { from: day(view.from), until: day(view.asOf) })
      : t("bar.until", { day: day(view.asOf) });
  return (
    <>
      {hasSpan && (
        <SegmentedControl
          size="xs"
          aria-label={t("bar.span")}
          value={view.span}
          onChange={(span) => view.change({ span: span as Span, from: undefined })}
          data={SPANS.map((value) => ({ value, label: t(`span.${value}`) }))}
        />
      )}
      <Popover position="bottom-start" width={280} withArrow trapFocus>
        <Popover.Target>
          <Button variant="default" size="xs" leftSection={<IconCalendar size={15} />} className="numbers">
            {dates}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="sm">
            {hasSpan && (
              <TextInput
                type="date"
                label={t("bar.from")}
                value={view.from ?? ""}
                max={view.asOf}
                onChange={(event) => view.change({ from: event.currentTarget.value || undefined })}
              />
            )}
            <TextInput
              type="date"
              label={t("bar.asOf")}
              value={view.asOf}
              onChange={(event) => view.change({ asOf: event.currentTarget.value || undefined })}
            />
            {view.endsEarly && (
              <Text size="xs" className="quiet">
                {t("bar.endsEarly", { day: day(view.asOf) })}
              </Text>
            )}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

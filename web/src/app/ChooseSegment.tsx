import { ActionIcon, Button, Group, Popover, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { segmentNames } from "../api/queries";
import { useSpeech } from "../i18n";
import { segmentName } from "../pages/segments/names";
import type { Looking } from "../state/view";

/** Of whom: everybody, or the customers of a segment, shown as a chip that can be taken away. */
export function ChooseSegment({ view }: { view: Looking }) {
  const { t, language } = useSpeech();
  const [opened, { toggle, close }] = useDisclosure();
  const known = useQuery({ ...segmentNames, enabled: opened || view.segment !== undefined }).data ?? [];
  const chosen = known.find((one) => one.id === view.segment);
  if (view.segment !== undefined) {
    return (
      <Group gap={4} wrap="nowrap" className="chip">
        <IconFilter size={14} aria-hidden />
        <Text span size="xs" fw={500} truncate>
          <bdi>{chosen ? segmentName(chosen, language) : view.segment}</bdi>
        </Text>
        <ActionIcon
          size={24}
          variant="transparent"
          color="inherit"
          aria-label={t("bar.noSegment")}
          onClick={() => view.change({ segment: undefined })}
        >
          <IconX size={14} />
        </ActionIcon>
      </Group>
    );
  }
  return (
    <Popover opened={opened} onChange={close} position="bottom-start" width={280} withArrow trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconFilter size={15} />} onClick={toggle}>
          {t("bar.filter")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Select
          searchable
          data-autofocus
          label={t("bar.segment")}
          placeholder={t("bar.everybody")}
          comboboxProps={{ withinPortal: false }}
          data={known.map((one) => ({ value: one.id, label: segmentName(one, language) }))}
          value={null}
          onChange={(segment) => {
            close();
            if (segment) view.change({ segment });
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

import { Button, Menu, Text } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";

interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

/** One of a few, as a button that says which it is. */
export function Choice<T extends string>(props: {
  label: string;
  text: string;
  value: T;
  options: Option<T>[];
  onChange: (value: T) => void;
}) {
  const { label, text, value, options, onChange } = props;
  return (
    <Menu position="bottom-start" withArrow>
      <Menu.Target>
        <Button variant="default" size="xs" rightSection={<IconChevronDown size={14} />} title={label}>
          {text}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        {options.map((option) => (
          <Menu.Item
            key={option.value}
            role="menuitemradio"
            aria-checked={option.value === value}
            rightSection={option.value === value ? <IconCheck size={15} /> : undefined}
            onClick={() => onChange(option.value)}
          >
            {option.label}
            {option.hint && (
              <Text size="xs" className="quiet">
                {option.hint}
              </Text>
            )}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

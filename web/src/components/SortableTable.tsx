import { Button, Table, Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSelector } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSpeech } from "../i18n";
import { Scrolls } from "./Scrolls";

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by; columns without it are not sorted. */
  by?: (row: Row) => number | string | null;
  /** Whether it holds text and is written from the start of the line. */
  isText?: boolean;
}

/** A table whose rows are sorted by the column that was pressed: first the largest, then the smallest, then as they came. */
export function SortableTable<Row>(props: {
  label: string;
  minWidth: number;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  isSmall?: (row: Row) => boolean;
  /** Rows shown before the reader asks for all. */
  most?: number;
  /** Whether the server has more rows than these. */
  isPart?: boolean;
}) {
  const { label, minWidth, columns, rows, keyOf, isSmall, most, isPart = false } = props;
  const { t, language, number } = useSpeech();
  const [sorting, setSorting] = useState<{ key: string; falls: boolean } | null>(null);
  const by = columns.find((column) => column.key === sorting?.key)?.by;
  const sorted = by && sorting ? sortRows(rows, by, sorting.falls, language) : rows;
  const [isWhole, setIsWhole] = useState(false);
  const shown = most === undefined || isWhole ? sorted : sorted.slice(0, most);
  const press = (key: string) =>
    setSorting((now) => (now?.key !== key ? { key, falls: true } : now.falls ? { key, falls: false } : null));
  return (
    <>
      <Scrolls label={label} minWidth={minWidth}>
        <Table className="numbers" fz="sm" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => {
                const falls = sorting?.key === column.key ? sorting.falls : null;
                const Icon = falls === null ? IconSelector : falls ? IconArrowDown : IconArrowUp;
                return (
                  <Table.Th
                    key={column.key}
                    ta={column.isText ? "start" : "end"}
                    aria-sort={falls === null ? undefined : falls ? "descending" : "ascending"}
                  >
                    {column.by ? (
                      <UnstyledButton className="sort" onClick={() => press(column.key)}>
                        {column.label}
                        <Icon size={14} aria-hidden />
                      </UnstyledButton>
                    ) : (
                      column.label
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <Table.Tr key={keyOf(row)} className={isSmall?.(row) ? "quiet" : ""}>
                {columns.map((column) => (
                  <Table.Td key={column.key} ta={column.isText ? "start" : "end"}>
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
      {shown.length < sorted.length && (
        <Button mt="sm" size="xs" variant="default" onClick={() => setIsWhole(true)}>
          {t("table.all", { number: number(sorted.length) })}
        </Button>
      )}
      {isPart && sorting && (
        <Text size="xs" className="quiet" mt="xs">
          {t("table.sortedShown", { number: number(rows.length) })}
        </Text>
      )}
    </>
  );
}

/** Rows by a value; those without one come last either way. */
export function sortRows<Row>(
  rows: Row[],
  by: (row: Row) => number | string | null,
  falls: boolean,
  language: string,
): Row[] {
  const collator = new Intl.Collator(language);
  return rows.toSorted((left, right) => {
    const [a, b] = [by(left), by(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
    return falls ? -order : order;
  });
}

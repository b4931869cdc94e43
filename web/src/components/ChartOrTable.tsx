import { Button, Table } from "@mantine/core";
import { IconChartLine, IconTable } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSpeech } from "../i18n";
import { Scrolls } from "./Scrolls";

/** A chart, or the numbers that it draws: the reader chooses. */
export function ChartOrTable(props: {
  label: string;
  columns: string[];
  /** Cells as text, the name of the row first. */
  rows: string[][];
  children: ReactNode;
}) {
  const { label, columns, rows, children } = props;
  const { t } = useSpeech();
  const [isTable, setIsTable] = useState(false);
  return (
    <>
      {isTable ? (
        <Scrolls label={label} minWidth={columns.length * 110}>
          <Table className="numbers" fz="sm">
            <Table.Thead>
              <Table.Tr>
                {columns.map((column, index) => (
                  <Table.Th key={column} ta={index === 0 ? "start" : "end"}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([name, ...cells], row) => (
                <Table.Tr key={row}>
                  <Table.Th scope="row" fw={400}>
                    {name}
                  </Table.Th>
                  {cells.map((cell, index) => (
                    <Table.Td key={index} ta="end">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scrolls>
      ) : (
        children
      )}
      <Button
        mt="xs"
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={isTable ? <IconChartLine size={14} /> : <IconTable size={14} />}
        onClick={() => setIsTable(!isTable)}
      >
        {t(isTable ? "chart.asChart" : "chart.asTable")}
      </Button>
    </>
  );
}

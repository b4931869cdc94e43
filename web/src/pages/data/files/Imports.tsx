import { Badge, Progress, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { change } from "../../../api/client";
import { imports } from "../../../api/queries";
import { Answered } from "../../../components/Answered";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Scrolls } from "../../../components/Scrolls";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { isUnderWay, shareOf, type State } from "./progress";

/** Files that were handed in, and how far each has come. */
export function Imports() {
  const { t, number, moment } = useSpeech();
  const client = useQueryClient();
  const query = useQuery({
    ...imports,
    refetchInterval: (current) => (current.state.data?.items.some(isUnderWay) ? 1000 : false),
  });
  return (
    <Section title={t("data.imports")}>
      <Answered query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text className="quiet">{t("data.noImports")}</Text>
          ) : (
            <Scrolls label={t("data.imports")} minWidth={640}>
              <Table className="numbers" fz="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("table.file")}</Table.Th>
                    <Table.Th>{t("table.state")}</Table.Th>
                    <Table.Th ta="end">{t("table.rows")}</Table.Th>
                    <Table.Th ta="end">{t("table.rejected")}</Table.Th>
                    <Table.Th ta="end">{t("table.when")}</Table.Th>
                    <Table.Th aria-label={t("table.actions")} />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>
                        <bdi>{one.files.map((file) => file.name).join(", ")}</bdi>
                        <Text size="xs" className="quiet" component="div">
                          <bdi dir="ltr">{one.source}</bdi>
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Badge variant="light" tt="none" color={one.state === "failed" ? "red" : "clove"}>
                          {t(`import.${one.state as State}`)}
                        </Badge>
                        {isUnderWay(one) && (
                          <Progress value={shareOf(one) * 100} size="sm" mt={4} aria-label={t("upload.progress")} />
                        )}
                        {one.error && (
                          <Text size="xs" className="bad" lang="en">
                            {one.error}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td ta="end">{number(one.rows_read)}</Table.Td>
                      <Table.Td ta="end">
                        {one.rows_rejected > 0 ? (
                          <a className="text-link" href={`/api/v1/imports/${one.id}/rejects.csv`} download>
                            {number(one.rows_rejected)}
                          </a>
                        ) : (
                          "0"
                        )}
                      </Table.Td>
                      <Table.Td ta="end">{moment(one.created_at)}</Table.Td>
                      <Table.Td ta="end">
                        {isUnderWay(one) && (
                          <ConfirmButton
                            size="compact-sm"
                            label={t("import.stop")}
                            warning={t("import.stopWarning")}
                            run={async () => {
                              await change("DELETE", `/imports/${one.id}`);
                              await client.invalidateQueries({ queryKey: ["imports"] });
                            }}
                          />
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scrolls>
          )
        }
      </Answered>
    </Section>
  );
}

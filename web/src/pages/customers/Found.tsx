import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { customersBy } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { nameOf } from "../../components/CustomerName";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

/** Customers whose name, address or number begins with a text; they come while it is typed. */
export function Found({ text }: { text: string }) {
  const { t, moment } = useSpeech();
  const query = useQuery(customersBy(text));
  return (
    <Section title={t("customers.found")}>
      <div aria-live="polite">
        <Answered query={query}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Text className="quiet">{t("customers.notFound")}</Text>
            ) : (
              <>
                <Scrolls label={t("customers.found")} minWidth={480}>
                  <Table fz="sm" highlightOnHover>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t("table.customer")}</Table.Th>
                        <Table.Th>{t("table.contact")}</Table.Th>
                        <Table.Th>{t("by.country")}</Table.Th>
                        <Table.Th ta="end">{t("table.knownSince")}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {items.map((row) => (
                        <Table.Tr key={row.id}>
                          <Table.Td>
                            <Link to="/customers/$id" params={{ id: row.id }} search={true} className="text-link">
                              <bdi>{nameOf(row, row.id)}</bdi>
                            </Link>
                          </Table.Td>
                          <Table.Td className="quiet">
                            <bdi dir="ltr">{row.profile.emails[0] ?? row.profile.phones[0] ?? ""}</bdi>
                          </Table.Td>
                          <Table.Td>{row.profile.country}</Table.Td>
                          <Table.Td ta="end" className="quiet numbers">
                            {moment(row.profile.known_since)}
                          </Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Scrolls>
                {next && (
                  <Text size="sm" className="quiet" mt="xs">
                    {t("customers.moreFound")}
                  </Text>
                )}
              </>
            )
          }
        </Answered>
      </div>
    </Section>
  );
}

import { Select, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { change, get } from "../../../api/client";
import type { components } from "../../../api/schema";
import { Answered } from "../../../components/Answered";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Failure } from "../../../components/Failure";
import { Scrolls } from "../../../components/Scrolls";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { AddUser } from "./AddUser";
import { ROLES, type Role } from "./roles";

type User = components["schemas"]["User"];

/** People who sign in with e-mail address and password. */
export function Users() {
  const { t } = useSpeech();
  const query = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => get<User[]>("/users", {}, signal),
  });
  return (
    <Section title={t("users.title")} hint={t("users.hint")} aside={<AddUser />}>
      <Answered query={query} height={60}>
        {(users) =>
          users.length === 0 ? <Text className="quiet">{t("users.none")}</Text> : <UserTable users={users} />
        }
      </Answered>
    </Section>
  );
}

function UserTable({ users }: { users: User[] }) {
  const { t, moment } = useSpeech();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ["users"] });
  const setRole = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) => change("PATCH", `/users/${id}`, { role }),
    onSettled: again,
  });
  const remove = async (id: string) => {
    await change("DELETE", `/users/${id}`);
    await again();
  };
  return (
    <>
      <Scrolls label={t("users.title")} minWidth={560}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("builder.name")}</Table.Th>
              <Table.Th>{t("users.role")}</Table.Th>
              <Table.Th>{t("table.added")}</Table.Th>
              <Table.Th aria-label={t("table.actions")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td>
                  <bdi>{user.name}</bdi>
                  <Text size="xs" className="quiet" component="div">
                    <bdi dir="ltr">{user.email}</bdi>
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Select
                    size="xs"
                    w={150}
                    allowDeselect={false}
                    aria-label={t("users.roleOf", { name: user.name })}
                    value={user.role}
                    onChange={(role) => role && setRole.mutate({ id: user.id, role: role as Role })}
                    data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                  />
                </Table.Td>
                <Table.Td className="numbers quiet">{moment(user.created_at)}</Table.Td>
                <Table.Td ta="end">
                  <ConfirmButton
                    size="compact-sm"
                    label={t("users.remove")}
                    warning={t("users.removeWarning", { name: user.name })}
                    isDangerous
                    run={() => remove(user.id)}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
      {setRole.isError && <Failure error={setRole.error} />}
    </>
  );
}

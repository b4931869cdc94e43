import { Stack } from "@mantine/core";
import { Keys } from "./Keys";
import { OwnPassword } from "./OwnPassword";
import { Users } from "./Users";

/** Who may do what: people who sign in, keys of programs. */
export function People() {
  return (
    <Stack gap="lg">
      <Users />
      <Keys />
      <OwnPassword />
    </Stack>
  );
}

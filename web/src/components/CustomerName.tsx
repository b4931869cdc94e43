import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { customer } from "../api/queries";
import type { Customer } from "../api/types";

/** How people call a customer: the name, else an address, else the id. */
export function nameOf(known: Pick<Customer, "profile"> | undefined, id: string): string {
  const profile = known?.profile;
  const name = [profile?.first_name, profile?.last_name].filter(Boolean).join(" ");
  return name || profile?.emails[0] || profile?.phones[0] || `${id.slice(0, 12)}…`;
}

/** A customer's name, as the way to the profile. */
export function CustomerName({ id }: { id: string }) {
  const { data } = useQuery(customer(id));
  return (
    <Link to="/customers/$id" params={{ id }} search={true} className="text-link">
      <bdi>{nameOf(data, id)}</bdi>
    </Link>
  );
}

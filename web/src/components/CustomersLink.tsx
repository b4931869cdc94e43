import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Definition } from "../api/types";

/** The way to the customers of a definition: a segment's page, or where segments are made. Without one, the words alone. */
export function CustomersLink({ of, children }: { of: Definition | null; children: ReactNode }) {
  if (!of) return <>{children}</>;
  if (typeof of.segment === "string" && Object.keys(of).length === 1) {
    return (
      <Link to="/segments/$id" params={{ id: of.segment }} search={true} className="text-link">
        {children}
      </Link>
    );
  }
  return (
    <Link to="/segments/new" search={(before) => ({ ...before, definition: JSON.stringify(of) })} className="text-link">
      {children}
    </Link>
  );
}

import type { components } from "../../../api/schema";

export type Role = components["schemas"]["Role"];
export type Scope = components["schemas"]["Scope"];

export const ROLES = ["owner", "admin", "marketing", "support", "analyst"] as const satisfies Role[];
export const SCOPES = ["ingest", "read", "people", "admin"] as const satisfies Scope[];

/** Characters that a password has at least. */
export const SHORTEST_PASSWORD = 12;

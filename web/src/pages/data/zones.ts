/** The zone of the reader's browser. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Zones to choose from. Browsers list no UTC, though it is what many servers and some people live in. */
export const ZONES = [...new Set(["UTC", OWN_ZONE, ...Intl.supportedValuesOf("timeZone")])].sort();

export const CURRENCIES = Intl.supportedValuesOf("currency");

/** Minor units of a currency as major ones: the API tells orders of a customer in minor units. */
export function major(minor: number, currency: string): number {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return minor / 10 ** (digits ?? 2);
}

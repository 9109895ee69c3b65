/** A DNS record as one text: an address, a name, the parts of a TXT record joined, or `10 mail.example`. */
export function recordText(record: unknown): string {
  if (typeof record === "string") return record.replace(/\.$/, "");
  if (Array.isArray(record)) return record.join("");
  const { priority, preference, exchange } = record as {
    readonly priority?: number;
    readonly preference?: number;
    readonly exchange: string;
  };
  return `${priority ?? preference} ${exchange.replace(/\.$/, "")}`;
}

import type { Redactor } from "@slipway/kernel";

/** A copy of a report with every text of it redacted. */
export function redactReport<T>(redactor: Redactor, value: T): T {
  if (typeof value === "string") return redactor.redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactReport(redactor, item)) as T;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, redactReport(redactor, member)]),
    ) as T;
  }
  return value;
}

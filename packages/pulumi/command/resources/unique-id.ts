import { randomBytes } from "node:crypto";

/** A resource's id as the official plugin makes them: a prefix and eight random hexadecimal digits. */
export function uniqueId(prefix: string): string {
  return prefix + randomBytes(4).toString("hex");
}

import { createRedactor } from "@slipway/kernel";
import { isSecret, type Properties, secretTexts } from "../wire/property-value.ts";

/** Shorter lines of a secret are too common in ordinary text to be masked on their own. */
const SHORTEST_LINE = 8;

/**
 * Masks the secrets inside some properties; a secret of many lines, such as a private key, line by line as well.
 * A connection is stored as a secret as a whole; what is secret about it are its keys and passwords, not its host.
 */
export function secretRedactor(...properties: readonly Properties[]): (text: string) => string {
  const secrets = properties.flatMap(({ connection, ...others }) => [
    ...secretTexts(others),
    ...secretTexts(isSecret(connection) ? connection.value : connection),
  ]);
  const lines = secrets
    .filter((text) => text.includes("\n"))
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.length >= SHORTEST_LINE);
  const redactor = createRedactor([...secrets, ...lines]);
  return (text) => redactor.redact(text);
}

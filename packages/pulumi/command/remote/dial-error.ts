import type { Hop } from "./connection.ts";
import { DialError } from "./dial.ts";

/** The error of an ssh that ended before the connection stood, from what it wrote: why, and what to do about it. */
export function dialError({ host, hostKey }: Hop, written: string): DialError {
  const cannot = `Cannot connect to ${host}`;
  if (/Host key verification failed/.test(written)) {
    const shown = /SHA256:\S+(?<!\.)/.exec(written)?.[0] ?? "another key";
    const why =
      hostKey === undefined
        ? `it shows ${shown}, and your known_hosts file has another key for it. Give its key as hostKey, or remove the old one with: ssh-keygen -R ${host}`
        : `it shows ${shown}, which is not its hostKey (or not that of the proxy). If the machine was made anew, correct hostKey`;
    return new DialError(`${cannot}: ${why}`, true);
  }
  if (/^Load key /m.test(written)) {
    return new DialError(
      `${cannot}: the privateKey cannot be read. Check its format, and privateKeyPassword if it has one`,
      true,
    );
  }
  return new DialError(`${cannot}: ${written.trim() || "ssh gave no reason"}`);
}

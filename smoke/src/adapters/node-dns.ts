import { lookup, Resolver } from "node:dns/promises";
import { CheckFailure } from "../engine/check-failure.ts";
import type { DnsQuery } from "../engine/ports.ts";
import { recordText } from "./record-text.ts";

/** Nothing of that name or type: an answer, and not a failure to get one. */
const emptyCodes = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * Resolves a name. Addresses without a name server come as programs on this machine see them, the hosts
 * file included; everything else is asked of a name server.
 */
export async function resolveName({ host, type, server, signal }: DnsQuery): Promise<readonly string[]> {
  const resolver = new Resolver({ tries: 1 });
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (server === undefined && (type === "A" || type === "AAAA")) {
      const found = await lookup(host, { all: true, family: type === "A" ? 4 : 6 });
      return [...new Set(found.map(({ address }) => address))];
    }
    if (server !== undefined) resolver.setServers([server]);
    const records: unknown[] = [await resolver.resolve(host, type)].flat();
    return records.map(recordText);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (emptyCodes.has(code)) return [];
    throw new CheckFailure("network", `${server ?? "the name server"}: ${code || String(error)}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

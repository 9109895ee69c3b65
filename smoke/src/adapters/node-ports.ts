import type { Ports } from "../engine/ports.ts";

/**
 * The ports for Node and Deno, which has Node's modules too. Each is loaded when a check first needs it.
 *
 * @example
 * await runSmoke(suite, { ports: nodePorts, env: (name) => process.env[name] });
 */
export const nodePorts: Required<Ports> = {
  tls: async (query) => (await import("./node-tls.ts")).inspectCertificate(query),
  dns: async (query) => (await import("./node-dns.ts")).resolveName(query),
  tcp: async (query) => (await import("./node-tcp.ts")).connectTcp(query),
  command: async (query) => (await import("./node-command.ts")).runCommand(query),
  sql: async (query) => (await import("./pg-sql.ts")).queryReadOnly(query),
};

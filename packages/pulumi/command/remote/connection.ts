import { type CheckFailure, type Field, type Fields, number, text } from "../wire/check-inputs.ts";
import { isObject, isUnknown, type Properties, reveal } from "../wire/property-value.ts";
import { parseHostKey } from "./host-key.ts";

/** How to reach one machine, opened for use. */
export interface Hop {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly password?: string;
  /** The private key itself, in any format that OpenSSH reads. */
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** How many failures to connect are forgiven; -1: any number. */
  readonly dialErrorLimit: number;
  /** Seconds; 0: as long as it takes. */
  readonly perDialTimeout: number;
  /** The one key that the machine may show, as a line of `authorized_keys`. */
  readonly hostKey?: string;
}

/** How to reach a machine, through another one where `proxy` names it. */
export interface Connection extends Hop {
  readonly proxy?: Hop;
}

const hopFields: Fields = {
  host: { shape: text, required: true },
  user: { shape: text, default: "root" },
  port: { shape: number, default: 22 },
  password: { shape: text, secret: true },
  privateKey: { shape: text, secret: true },
  privateKeyPassword: { shape: text, secret: true },
  agentSocketPath: { shape: text },
  dialErrorLimit: { shape: number, default: 10 },
  perDialTimeout: { shape: number, default: 15 },
  hostKey: { shape: text },
};

/** The input `connection`: always stored as a secret. */
export const connectionField: Field = {
  shape: {
    kind: "object",
    fields: { ...hopFields, proxy: { shape: { kind: "object", fields: hopFields } } },
  },
  required: true,
  secret: true,
};

// What may stand in a command line of ssh without meaning anything else to it, or to the shell it starts for a proxy.
const HOST = /^[A-Za-z0-9_:][A-Za-z0-9_.:-]*(%[A-Za-z0-9_.-]+)?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*\$?$/;

/** What the fields cannot say of a connection. */
export function verifyConnection(inputs: Properties): CheckFailure[] {
  const connection = reveal(inputs.connection);
  if (!isObject(connection)) return [];
  return [
    ...verifyHop(connection, "connection"),
    ...(isObject(connection.proxy) ? verifyHop(connection.proxy, "connection.proxy") : []),
  ];
}

function verifyHop(hop: Properties, path: string): CheckFailure[] {
  const rules: Record<string, [test: (value: string) => boolean, reason: string]> = {
    host: [(host) => HOST.test(host), "must be a host name or an address, without user or port"],
    user: [(user) => USER.test(user), "must be the name of a user"],
    port: [
      (port) => Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536,
      "must be 1 to 65535",
    ],
    hostKey: [
      (key) => parseHostKey(key) !== undefined,
      "must be a public key as in authorized_keys: ssh-ed25519 AAAA…",
    ],
  };
  return Object.entries(rules)
    .filter(([name, [test]]) => hop[name] !== undefined && !isUnknown(hop[name]) && !test(String(hop[name])))
    .map(([name, [, reason]]) => ({ property: `${path}.${name}`, reason }));
}

/** Opens checked inputs for use. */
export const openConnection = (inputs: Properties): Connection => reveal(inputs.connection) as Connection;

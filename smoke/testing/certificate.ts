import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";

/** A key and a certificate in PEM, made for one test and never written to the repository. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the public key (SPKI) in base64. */
  readonly pin: string;
}

/** An authority of the test's own. */
export interface TestAuthority extends TestCertificate {
  /** Issues a server certificate; `days` from now, which may have gone by. */
  issue(names: readonly string[], days: number): TestCertificate;
}

/** Makes an authority with an elliptic key, valid for a day. */
export function testAuthority(): TestAuthority {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = "Slipway test authority";
  const self = { subject: name, issuer: name, publicKey, signer: privateKey };
  const extensions = [extension([2, 5, 29, 19], sequence(boolean(true)), true)];
  return {
    ...packed(privateKey, certificate({ ...self, days: 1, extensions })),
    issue(names, days) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const request = { subject: names[0]!, issuer: name, publicKey: pair.publicKey, signer: privateKey };
      const altNames = [extension([2, 5, 29, 17], sequence(...names.map(altName)))];
      return packed(pair.privateKey, certificate({ ...request, days, extensions: altNames }));
    },
  };
}

function packed(privateKey: KeyObject, der: Buffer): TestCertificate {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  const cert = `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  return { key, cert, pin: createHash("sha256").update(spki).digest("base64") };
}

interface Request {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}

/** X.509 version 3, written by hand (RFC 5280): Node can read certificates and not make them. */
function certificate({ subject, issuer, publicKey, signer, days, extensions }: Request): Buffer {
  const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const until = Date.now() + days * 86_400_000;
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 2 ** 30) + 1),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(Math.min(Date.now(), until) - 86_400_000), time(until)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, signer);
  return sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
}

const commonName = (name: string) =>
  sequence(tagged(0x31, sequence(oid(2, 5, 4, 3), tagged(0x0c, Buffer.from(name)))));

const altName = (name: string) =>
  /^[\d.]+$/.test(name)
    ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
    : tagged(0x82, Buffer.from(name));

function extension(id: readonly [number, number, ...number[]], value: Buffer, critical = false): Buffer {
  return sequence(oid(...id), ...(critical ? [boolean(true)] : []), tagged(0x04, value));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, Buffer.concat(parts));
const boolean = (value: boolean) => tagged(0x01, Buffer.of(value ? 255 : 0));

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  const first = bytes.findIndex((byte) => byte !== 0);
  // A leading zero keeps the number positive.
  const start = first === -1 ? 4 : bytes[first]! > 127 ? first - 1 : first;
  return tagged(0x02, bytes.subarray(start));
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = rest.flatMap((part) => {
    const groups = [part & 127];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    return groups;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(text));
}

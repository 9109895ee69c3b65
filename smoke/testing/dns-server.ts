import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** A name server on loopback that knows some addresses and texts, and nothing else. */
export function dnsServer(records: {
  readonly a: Readonly<Record<string, readonly string[]>>;
  readonly txt: Readonly<Record<string, string>>;
}): Promise<{ readonly address: string; readonly port: number; close(): void }> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = question(query);
    const answers =
      type === 1
        ? (records.a[name] ?? []).map((ip) => Buffer.from(ip.split(".").map(Number)))
        : type === 16 && records.txt[name] !== undefined
          ? [Buffer.concat([Buffer.of(records.txt[name].length), Buffer.from(records.txt[name])])]
          : [];
    const known = name in records.a || name in records.txt;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    const body = answers.map((data) => {
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(60, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, end), ...body]), port, address);
  });
  return new Promise((resolve) => {
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address() as AddressInfo;
      resolve({ address: `127.0.0.1:${port}`, port, close: () => socket.close() });
    });
  });
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at]!; size > 0; size = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + size));
    at += size + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

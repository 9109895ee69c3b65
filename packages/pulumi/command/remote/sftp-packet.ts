/** The few parts of SFTP version 3 (draft-ietf-secsh-filexfer-02) that copying to a machine needs. */
export const Packet = {
  INIT: 1,
  VERSION: 2,
  OPEN: 3,
  CLOSE: 4,
  WRITE: 6,
  MKDIR: 14,
  STAT: 17,
  STATUS: 101,
  HANDLE: 102,
  ATTRS: 105,
} as const;

export const Status = { OK: 0, NO_SUCH_FILE: 2 } as const;

/** Create, truncate, write. */
export const OPEN_FOR_WRITING = 0x02 | 0x08 | 0x10;

const FILE_TYPE = 0o170000;
const FOLDER = 0o040000;

/** A field of a packet: a number of four bytes, eight bytes for a bigint, a text or bytes with their length. */
export type PacketField = number | bigint | string | Buffer;

/** A whole packet: its length, its type, and its fields. */
export function encodePacket(type: number, fields: readonly PacketField[]): Buffer {
  const body = Buffer.concat([Buffer.from([type]), ...fields.map(encodeField)]);
  return Buffer.concat([encodeField(body.length), body]);
}

function encodeField(field: PacketField): Buffer {
  if (typeof field === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(field);
    return bytes;
  }
  if (typeof field === "bigint") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(field);
    return bytes;
  }
  const content = typeof field === "string" ? Buffer.from(field) : field;
  return Buffer.concat([encodeField(content.length), content]);
}

/** What the other side answers. */
export type SftpReply =
  | { readonly kind: "status"; readonly code: number; readonly message: string }
  | { readonly kind: "handle"; readonly handle: Buffer }
  | { readonly kind: "attributes"; readonly folder: boolean };

/** Reads the body of a reply: everything after its length and type, and its request's number. */
export function decodeReply(type: number, body: Buffer): SftpReply {
  switch (type) {
    case Packet.STATUS: {
      const code = body.readUInt32BE(0);
      return { kind: "status", code, message: body.length > 4 ? readString(body, 4).toString() : "" };
    }
    case Packet.HANDLE:
      return { kind: "handle", handle: readString(body, 0) };
    case Packet.ATTRS:
      return { kind: "attributes", folder: (permissions(body) & FILE_TYPE) === FOLDER };
    default:
      throw new Error(`Cannot read an SFTP reply of type ${type}`);
  }
}

function readString(body: Buffer, at: number): Buffer {
  return body.subarray(at + 4, at + 4 + body.readUInt32BE(at));
}

/** Attributes begin with flags that say which of them follow: size, owner, permissions. */
function permissions(body: Buffer): number {
  const flags = body.readUInt32BE(0);
  const at = 4 + (flags & 1 ? 8 : 0) + (flags & 2 ? 8 : 0);
  return flags & 4 ? body.readUInt32BE(at) : 0;
}

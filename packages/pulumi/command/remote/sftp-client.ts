import type { Readable, Writable } from "node:stream";
import {
  decodeReply,
  encodePacket,
  OPEN_FOR_WRITING,
  Packet,
  type PacketField,
  type SftpReply,
  Status,
} from "./sftp-packet.ts";

/** Files and folders on another machine. Failures are errors that name the path and what the other side said. */
export interface SftpClient {
  /** What is at a path, links followed. */
  stat(path: string): Promise<"file" | "folder" | "nothing">;
  makeFolder(path: string): Promise<void>;
  /** Writes a file, over what is there. */
  write(path: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void>;
}

const PROTOCOL = 3;
/** What every server takes in one packet. */
const PIECE = 32 * 1024;
/** Pieces on their way at once: the time of a round trip is not waited for after each. */
const WINDOW = 64;

/**
 * Speaks SFTP over the pipes of an ssh that runs the subsystem.
 *
 * @returns once the other side has answered, so that the connection is known to stand. Rejects when the stream
 * ends first.
 */
export async function openSftp(input: Readable, output: Writable): Promise<SftpClient> {
  const replies = new Map<number, { resolve: (reply: SftpReply) => void; reject: (error: Error) => void }>();
  let number = 0;
  let ended = false;

  const request = (type: number, fields: readonly PacketField[]): Promise<SftpReply> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new Error("the connection was lost"));
      replies.set(++number, { resolve, reject });
      output.write(encodePacket(type, [number, ...fields]));
    });

  const greeted = new Promise<void>((resolve, reject) => {
    let buffer = Buffer.alloc(0);
    input.on("data", (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 5 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
        const length = buffer.readUInt32BE(0);
        const type = buffer.readUInt8(4);
        const body = buffer.subarray(5, 4 + length);
        buffer = buffer.subarray(4 + length);
        if (type === Packet.VERSION) {
          resolve();
          continue;
        }
        const waiting = replies.get(body.readUInt32BE(0));
        replies.delete(body.readUInt32BE(0));
        waiting?.resolve(decodeReply(type, body.subarray(4)));
      }
    });
    input.on("close", () => {
      ended = true;
      reject(new Error("the connection was lost"));
      for (const { reject } of replies.values()) reject(new Error("the connection was lost"));
    });
  });
  output.write(encodePacket(Packet.INIT, [PROTOCOL]));
  await greeted;

  return {
    async stat(path) {
      const reply = await request(Packet.STAT, [path]);
      if (reply.kind === "attributes") return reply.folder ? "folder" : "file";
      if (reply.kind === "status" && reply.code === Status.NO_SUCH_FILE) return "nothing";
      throw refused("look at", path, reply);
    },
    async makeFolder(path) {
      expectOk(await request(Packet.MKDIR, [path, 0]), "make the folder", path);
    },
    async write(path, content) {
      const opened = await request(Packet.OPEN, [path, OPEN_FOR_WRITING, 0]);
      if (opened.kind !== "handle") throw refused("write", path, opened);
      const { handle } = opened;
      const onTheirWay = new Set<Promise<void>>();
      let offset = 0n;
      for await (const chunk of content) {
        for (let at = 0; at < chunk.length; at += PIECE) {
          const piece = chunk.subarray(at, at + PIECE);
          const written = request(Packet.WRITE, [handle, offset, piece]).then((reply) =>
            expectOk(reply, "write", path),
          );
          onTheirWay.add(written);
          // A piece that failed stays, and fails the whole below.
          written.then(
            () => onTheirWay.delete(written),
            () => {},
          );
          offset += BigInt(piece.length);
          if (onTheirWay.size >= WINDOW) await Promise.race(onTheirWay);
        }
      }
      await Promise.all(onTheirWay);
      expectOk(await request(Packet.CLOSE, [handle]), "write", path);
    },
  };
}

function expectOk(reply: SftpReply, action: string, path: string): void {
  if (reply.kind !== "status" || reply.code !== Status.OK) throw refused(action, path, reply);
}

function refused(action: string, path: string, reply: SftpReply): Error {
  const said =
    reply.kind === "status" ? reply.message || `status ${reply.code}` : `an unexpected ${reply.kind}`;
  return new Error(`Cannot ${action} ${JSON.stringify(path)} on the other machine: ${said}`);
}

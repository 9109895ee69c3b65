import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** One WebSocket of a test server: short text messages, no extensions. */
export interface WebSocketPeer {
  send(text: string): void;
  /** Ends the connection without a goodbye. */
  destroy(): void;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Answers an upgrade request (RFC 6455) and calls back for each text message. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  onText: (text: string) => void,
  onClose: () => void,
): WebSocketPeer {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame !== null; frame = readFrame(pending)) {
      pending = pending.subarray(frame.length);
      if (frame.opcode === 1) onText(frame.text);
      if (frame.opcode === 8) socket.end(Buffer.from([0x88, 0]));
    }
  });
  // Ends of sockets are what these tests are about.
  socket.on("error", () => undefined);
  socket.on("close", onClose);
  return {
    send(text) {
      const body = Buffer.from(text);
      const head = body.length < 126 ? [0x81, body.length] : [0x81, 126, body.length >> 8, body.length & 255];
      socket.write(Buffer.concat([Buffer.from(head), body]));
    },
    destroy: () => void socket.destroy(),
  };
}

function readFrame(bytes: Buffer): { length: number; opcode: number; text: string } | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 127;
  const at = short === 126 ? 4 : 2;
  if (bytes.length < at) return null;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  if (short === 127 || bytes.length < at + 4 + size) return null;
  const mask = bytes.subarray(at, at + 4);
  const body = Buffer.from(bytes.subarray(at + 4, at + 4 + size).map((byte, i) => byte ^ mask[i % 4]!));
  return { length: at + 4 + size, opcode: bytes[0]! & 15, text: body.toString() };
}

import { expect, test } from "vitest";
import { decodeReply, encodePacket, Packet } from "./sftp-packet.ts";

test("a packet is its length, its type and its fields", () => {
  expect(encodePacket(Packet.INIT, [3]).toString("hex")).toBe("000000050100000003");
  expect(encodePacket(Packet.WRITE, [7, Buffer.from("h"), 2n, Buffer.from("xy")]).toString("hex")).toBe(
    "0000001806" + "00000007" + "0000000168" + "0000000000000002" + "000000027879",
  );
});

test("replies are read", () => {
  const status = Buffer.concat([Buffer.from([0, 0, 0, 3]), Buffer.from([0, 0, 0, 6]), Buffer.from("denied")]);
  expect(decodeReply(Packet.STATUS, status)).toEqual({ kind: "status", code: 3, message: "denied" });
  expect(decodeReply(Packet.HANDLE, Buffer.from("0000000268 69".replace(" ", ""), "hex"))).toEqual({
    kind: "handle",
    handle: Buffer.from("hi"),
  });
  const attributes = (mode: string) => Buffer.from(`00000007${"00".repeat(16)}${mode}`, "hex");
  expect(decodeReply(Packet.ATTRS, attributes("000041ed"))).toEqual({ kind: "attributes", folder: true });
  expect(decodeReply(Packet.ATTRS, attributes("000081a4"))).toEqual({ kind: "attributes", folder: false });
  expect(() => decodeReply(99, Buffer.alloc(8))).toThrow("type 99");
});

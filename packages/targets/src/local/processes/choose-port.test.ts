import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { choosePort, portCandidates } from "./choose-port.ts";
import { listeningInodes, portOwner } from "./port-owner.ts";

describe("the port of an instance", () => {
  test("is the same each time, and lies below the ports of outgoing connections", async () => {
    const [first] = portCandidates("dev/api");
    expect(first).toBe([...portCandidates("dev/api")][0]);
    for (const port of portCandidates("dev/api")) expect(port >= 20_000 && port < 32_768).toBe(true);
    expect(first).not.toBe([...portCandidates("staging/api")][0]);
  });

  test("is not one that is reserved or listened at", async () => {
    const free = await choosePort("somebody", new Set());
    const server = createServer().listen(free, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const second = await choosePort("somebody", new Set());
    const third = await choosePort("somebody", new Set([second]));
    expect(new Set([free, second, third]).size).toBe(3);
    expect(portOwner(free)?.pid).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
    expect(await choosePort("somebody", new Set(), free)).toBe(free);
    expect(portOwner(free)).toBeNull();
  });

  test("cannot be found when all are reserved", async () => {
    await expect(choosePort("x", new Set(portCandidates("x")))).rejects.toMatchObject({
      code: "PORT_IN_USE",
    });
  });
});

test("only listening sockets of that very port are its owner's", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100",
    "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100",
    "   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100",
  ].join("\n");
  expect(listeningInodes(table, 8080)).toEqual(["111"]);
});

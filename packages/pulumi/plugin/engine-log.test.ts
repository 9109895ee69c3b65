import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, expect, test } from "vitest";
import { createEngineLog } from "./engine-log.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

type Received = { severity: number; message: string; urn: string; ephemeral: boolean };

/** An engine that remembers what it was told; every other answer is slow, to tempt messages out of order. */
async function fakeEngine(): Promise<{ address: string; received: Received[] }> {
  const received: Received[] = [];
  const server = new Server();
  servers.push(server);
  let calls = 0;
  server.addService(EngineService, {
    log: (call: { request: InstanceType<typeof engine.LogRequest> }, done: (e: null, r: unknown) => void) => {
      const { severity, message, urn, ephemeral } = call.request.toObject();
      setTimeout(
        () => {
          received.push({ severity, message, urn, ephemeral });
          done(null, new empty.Empty());
        },
        calls++ % 2 === 0 ? 20 : 0,
      );
    },
    getRootResource: () => {},
    setRootResource: () => {},
    startDebugging: () => {},
    requirePulumiVersion: () => {},
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, received };
}

test("a message carries severity, resource and whether it is a status line", async () => {
  const { address, received } = await fakeEngine();
  const log = createEngineLog(address);
  await log.log("warning", "mind the gap", { urn: "urn:pulumi:a::b::c::d" });
  await log.log("info", "half way", { ephemeral: true });
  log.close();
  expect(received).toEqual([
    {
      severity: engine.LogSeverity.WARNING,
      message: "mind the gap",
      urn: "urn:pulumi:a::b::c::d",
      ephemeral: false,
    },
    { severity: engine.LogSeverity.INFO, message: "half way", urn: "", ephemeral: true },
  ]);
});

test("messages arrive in the order of the calls", async () => {
  const { address, received } = await fakeEngine();
  const log = createEngineLog(address);
  await Promise.all(["1", "2", "3", "4"].map((message) => log.log("info", message)));
  log.close();
  expect(received.map((entry) => entry.message)).toEqual(["1", "2", "3", "4"]);
});

test("an engine that is gone does not make the caller fail", async () => {
  const log = createEngineLog("127.0.0.1:1");
  await expect(log.log("error", "nobody hears this")).resolves.toBeUndefined();
  log.close();
});

import { fstatSync } from "node:fs";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createEngineLog } from "../plugin/engine-log.ts";
import { providerService } from "./server/provider-service.ts";
import { createRunningOperations } from "./server/running-operations.ts";

/** As large as the engine's own limit: an output of many megabytes is one message. */
const MOST_BYTES = 400 * 1024 * 1024;

const address = engineAddress(process.argv.slice(2));
const operations = createRunningOperations();
const server = new Server({ "grpc.max_receive_message_length": MOST_BYTES });
server.addService(
  ResourceProviderService,
  providerService({
    operations,
    engine: { log: createEngineLog(address) },
    attach: createEngineLog,
  }) as never,
);

/** The engine's address comes after its own options, of which `--tracing` has a value. */
function engineAddress(args: readonly string[]): string {
  return args.find((argument, index) => !argument.startsWith("-") && args[index - 1] !== "--tracing") ?? "";
}

async function end(): Promise<void> {
  await operations.cancelAll();
  process.exit(0);
}
process.on("SIGINT", () => void end());
process.on("SIGTERM", () => void end());
// The engine holds the other end of our standard input and never writes: its end is the engine's end, however it died.
if (fstatSync(0).isFIFO() || fstatSync(0).isSocket()) process.stdin.on("end", () => void end()).resume();

server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

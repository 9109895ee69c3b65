// A starter to be killed by a test: `node start-once.ts <folder> <artifacts> <port> <spec as JSON>`.
import { localTarget } from "../src/local/local-target.ts";
import type { InstanceSpec } from "../src/target.ts";

const [, , folder = "", artifacts = "", port = "", spec = ""] = process.argv;
const target = localTarget({ folder, artifacts, port: Number(port) });
process.stdout.write("begins\n");
const instance = await target.start(JSON.parse(spec) as InstanceSpec);
await target.route([
  {
    service: instance.service,
    path: "/",
    backends: [{ instance: instance.id, address: instance.address, weight: 1 }],
  },
]);
process.stdout.write("done\n");

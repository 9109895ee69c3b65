import * as provider from "@pulumi/pulumi/provider/index.js";
import { createEngineLog } from "../plugin/engine-log.ts";
import { SlipwayProvider } from "./slipway-provider.ts";
import { watchParent } from "./watch-parent.ts";

const address = process.argv[2];
const engine = address === undefined ? undefined : createEngineLog(address);

const slipway = new SlipwayProvider({
  cwd: process.cwd(),
  ambient: process.env,
  log: (severity, message, urn) => void engine?.log(severity, message, { urn }),
});

// The engine ends its plugins with SIGINT; a terminal's Ctrl-C reaches us directly as well.
let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await slipway.end();
  process.exit(0);
}
process.on("SIGINT", () => void end());
process.on("SIGTERM", () => void end());
watchParent(() => void end(), address);

// The engine's own server class keeps its type for itself; the methods are what it calls.
await provider.main(slipway as unknown as provider.Provider, process.argv.slice(2));

// A Deno edge function: no Node API is reached, and it needs the network and nothing else.
import { FlagClient } from "../../src/client/flag-client.ts";
import { flagsHandler } from "../../src/edge/index.ts";
import { httpSource } from "../http-source.ts";

declare const Deno: {
  args: string[];
  serve(options: object, handler: (request: Request) => Response | Promise<Response>): void;
};

const flags = await new FlagClient({ source: httpSource(Deno.args[0]!) }).ready();
const evaluated = flagsHandler({ flags, keys: ["new-checkout"] });
const onListen = ({ port }: { port: number }) => console.log(port);
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, (request) => {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/flags") return evaluated(request);
  return new Response(
    flags.isOn("new-checkout", { userId: searchParams.get("user") ?? undefined }) ? "new" : "old",
  );
});

import { createServer } from "node:http";
import { Hono } from "hono";
import { flagsHandler } from "../../src/edge/index.ts";
import { openFlags } from "../../src/node/index.ts";
import { httpSource } from "../http-source.ts";

const flags = await openFlags({ source: httpSource(process.argv[2]) });
const app = new Hono();
app.get("/", (context) =>
  context.text(flags.isOn("new-checkout", { userId: context.req.query("user") }) ? "new" : "old"),
);
// For browsers, in the same server.
const evaluated = flagsHandler({ flags, keys: ["new-checkout"] });
app.get("/flags", (context) => evaluated(context.req.raw));

createServer(async (request, response) => {
  const answer = await app.fetch(new Request(`http://host${request.url}`, { headers: request.headers }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});

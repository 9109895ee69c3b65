// As little as a Node server needs: the two lines are the first and the one in the handler.
import { createServer } from "node:http";
import { openFlags } from "../../src/node/index.ts";
import { httpSource } from "../http-source.ts";

const [store, lastKnownFile, overrideFile] = process.argv.slice(2);
const flags = await openFlags({ source: httpSource(store), lastKnownFile, overrideFile });
createServer((request, response) => {
  const userId = new URL(request.url, "http://host").searchParams.get("user");
  response.end(flags.isOn("new-checkout", { userId }) ? "new" : "old");
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});

import express from "express";
import { openFlags } from "../../src/node/index.ts";
import { httpSource } from "../http-source.ts";

const flags = await openFlags({ source: httpSource(process.argv[2]) });
const app = express();
app.get("/", (request, response) => {
  response.send(flags.isOn("new-checkout", { userId: request.query.user }) ? "new" : "old");
});
app.listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});

// The service of the tests: no dependency, and it misbehaves as its release's behaviour.json tells it to.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";

const stamp = JSON.parse(readFileSync(new URL("./slipway-build.json", import.meta.url), "utf8"));
const behaviour = JSON.parse(readFileSync(new URL("./behaviour.json", import.meta.url), "utf8"));

if (behaviour.exit) {
  console.error("cannot start: the configuration is missing");
  process.exit(3);
}

/** Whether something listens where the database should be. */
function databaseAnswers() {
  const { hostname, port } = new URL(process.env.DATABASE_URL);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 500 });
    socket.on("connect", () => resolve(!socket.destroy().connecting));
    for (const event of ["error", "timeout"])
      socket.on(event, () => resolve(Boolean(socket.destroy() && false)));
  });
}

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  switch (new URL(request.url, "http://local").pathname) {
    case "/healthz":
      return answer(200, { status: "ok" });
    case "/readyz": {
      const ready = !behaviour.neverReady && (await databaseAnswers());
      return answer(ready ? 200 : 503, { status: ready ? "ready" : "starting" });
    }
    case "/meta":
      return answer(200, { ...stamp, ...behaviour.meta });
    case "/slow":
      await new Promise((resolve) => setTimeout(resolve, 300));
      return answer(200, { version: stamp.version });
    case "/products":
      return behaviour.broken
        ? answer(500, { error: "broken" })
        : answer(200, [{ id: 1, version: stamp.version }]);
    default:
      return answer(404, { error: "not found" });
  }
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));

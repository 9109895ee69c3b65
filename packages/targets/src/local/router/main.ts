import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { adminServer } from "./admin-server.ts";
import { requestForwarder } from "./forward-request.ts";
import { isWebSocket, upgradeForwarder } from "./forward-upgrade.ts";
import { requestCounters } from "./request-counters.ts";
import { type RouteTable, routeTable } from "./route-table.ts";
import { ROUTER_PORT_TAKEN, readStoredRoutes, writeRouterAccess, writeStoredRoutes } from "./router-files.ts";

/*
 * The router's process: `node main.ts <router folder> <launch number> <public port>`. It serves the routes that
 * were set last as soon as it listens, and holds nothing that is not in its folder but counters and connections.
 */

const CLOSING_MS = 5000;

const [, , home = "", launch = "", port = ""] = process.argv;
const counters = requestCounters();
let table: RouteTable = routeTable(storedRoutes());
const address = `http://127.0.0.1:${port}`;

const forward = requestForwarder(() => table, counters);
const upgrade = upgradeForwarder(() => table, counters);
const server = createServer(
  {
    // Clients that reuse a connection must not meet one that the router is just closing: they give up first.
    keepAliveTimeout: 75_000,
    // A slow upload is the service's business.
    requestTimeout: 0,
    shouldUpgradeCallback: isWebSocket,
  },
  (request, response) => void forward(request, response),
);
server.on("upgrade", (request, socket, head) => upgrade(request, socket as Socket, head));

const token = randomBytes(32).toString("base64url");
const admin = adminServer(token, {
  status: () => ({ running: true, address, routes: table.routes, counters: counters.snapshot() }),
  replace(routes) {
    writeStoredRoutes(home, routes);
    // What served until now stays countable until the next change.
    counters.keep(
      new Set(
        [...table.routes, ...routes].flatMap(({ backends }) => backends.map(({ instance }) => instance)),
      ),
    );
    table = routeTable(routes);
    log(`routes: ${JSON.stringify(routes)}`);
  },
});

// One request that the code does not foresee must not end all the others.
process.on("uncaughtException", (error) => log(`unexpected: ${error.stack ?? error.message}`));
process.once("SIGTERM", close);

try {
  await listen(server, Number(port));
} catch (error) {
  log(`cannot listen at ${address}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(
    error instanceof Error && "code" in error && error.code === "EADDRINUSE" ? ROUTER_PORT_TAKEN : 1,
  );
}
await listen(admin, 0);
const { port: adminPort } = admin.address() as AddressInfo;
writeRouterAccess(home, { launch: Number(launch), address, admin: `http://127.0.0.1:${adminPort}`, token });
log(`listening at ${address}`);

function listen(listener: Server, at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(at, "127.0.0.1", () => {
      listener.off("error", reject);
      resolve();
    });
  });
}

// Requests under way get a few seconds, then the process ends whatever is left.
function close(): void {
  log("closing");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), CLOSING_MS).unref();
}

function storedRoutes() {
  try {
    return readStoredRoutes(home);
  } catch (error) {
    // Whoever started the router sets the routes next; until then it answers that nothing takes traffic.
    log(`the stored routes cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function log(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}

import { createServer } from "node:http";
import { answerRequest } from "./answer-request.ts";
import type { Route } from "./route.ts";

const POLL_MS = 20;
const QUIET_POLLS = 5;
const LONGEST_POLLS = 500;

/**
 * Serves the routes on PORT, on loopback unless HOST says otherwise. On SIGTERM and SIGINT no new connection is
 * taken, requests under way are answered (for 10 s at most), and the process ends.
 *
 * @param close runs when the last request is answered.
 */
export function serve(routes: readonly Route[], close: () => Promise<void>): void {
  const port = Number(process.env.PORT || Number.NaN);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error("PORT is not set to a port");
  let underWay = 0;
  let stopping = false;
  const server = createServer((request, response) => {
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    if (stopping) response.setHeader("connection", "close");
    void answerRequest(routes, request, response);
  });
  // Longer than a proxy keeps its side: the side that asks has to be the one that closes.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 30_000;

  const stop = () => {
    if (stopping) return;
    stopping = true;
    let polls = 0;
    let quiet = 0;
    const poll = setInterval(() => {
      polls += 1;
      quiet = underWay === 0 ? quiet + 1 : 0;
      server.closeIdleConnections();
      // A connection on which nothing was ever asked does not count as idle.
      if (quiet >= QUIET_POLLS || polls >= LONGEST_POLLS) server.closeAllConnections();
    }, POLL_MS);
    server.close(() => {
      clearInterval(poll);
      void close().finally(() => process.exit(0));
    });
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  server.listen(port, process.env.HOST || "127.0.0.1");
}

import { listen, type TestServer } from "./misbehaving-server.ts";

/** The digest of the build that the shop says it is. */
export const shopBuild = `sha256:${"a".repeat(64)}`;

/** A well-behaved service with the contract, release 1.1.0, and a list of products. */
export function shopServer(): Promise<TestServer> {
  const answers: Readonly<Record<string, object>> = {
    "/healthz": { status: "ok" },
    "/readyz": { status: "ready" },
    "/meta": { service: "api", version: "1.1.0", commit: "c".repeat(40), digest: shopBuild },
    "/products": [{ id: 1 }],
  };
  return listen((request, response) => {
    const answer = answers[request.url ?? "/"];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  });
}

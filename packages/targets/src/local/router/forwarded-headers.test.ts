import { describe, expect, test } from "vitest";
import { forwardedHeaders, withoutHopByHop } from "./forwarded-headers.ts";

describe("the headers of a forwarded request", () => {
  test("leave out what is for one connection only, named by the standard or by the client", () => {
    const kept = withoutHopByHop({
      host: "shop",
      connection: "keep-alive, x-private",
      "keep-alive": "timeout=5",
      "x-private": "1",
      te: "trailers",
      upgrade: "h2c",
      expect: "100-continue",
      accept: "*/*",
    });
    expect(kept).toEqual({ host: "shop", connection: "keep-alive", accept: "*/*" });
  });

  test("keep what the service needs even when the client names it in Connection", () => {
    const headers = {
      connection: "host, cookie, content-length",
      host: "shop",
      cookie: "a=b",
      "content-length": "3",
    };
    expect(withoutHopByHop(headers)).toEqual({ host: "shop", cookie: "a=b", "content-length": "3" });
  });

  test("keep a WebSocket handshake whole", () => {
    const kept = withoutHopByHop(
      { connection: "keep-alive, Upgrade", upgrade: "websocket", "sec-websocket-key": "k" },
      true,
    );
    expect(kept).toEqual({ connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "k" });
  });

  test("name client, protocol and host", () => {
    expect(forwardedHeaders({ host: "shop:8080" }, "127.0.0.1")).toEqual({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "shop:8080",
    });
  });

  test("go on with what a proxy in front has noted", () => {
    const noted = {
      host: "inner",
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop",
    };
    expect(forwardedHeaders(noted, "127.0.0.1")).toEqual({
      "x-forwarded-for": "192.0.2.7, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "shop",
    });
  });
});

import { expect, test } from "vitest";
import { networkFailure } from "./network-failure.ts";

const inDeno = (doing: string, why: string) =>
  new TypeError(
    `error sending request for url (https://shop.example/?key=x): client error (${doing}): ${why}`,
  );
const inNode = (code: string, message: string) => Object.assign(new Error(message), { code });

test.each([
  [
    "Node",
    inNode("EPROTO", "write EPROTO 40:error:0A00010B:SSL routines:f:wrong version number:file.c:354:"),
  ],
  ["Deno", inDeno("Connect", "received corrupt message of type InvalidContentType")],
])("%s: http where https is asked for is told as such", (_runtime, error) => {
  expect(networkFailure("https://shop.example/", error)).toMatchObject({
    failure: "tls",
    message: "shop.example: it does not speak TLS: is it http?",
  });
});

test("what Deno was doing, and the address with what it holds, is left out", () => {
  const error = inDeno("Connect", "invalid peer certificate: certificate expired");
  expect(networkFailure("https://shop.example/?key=x", error)).toMatchObject({
    failure: "tls",
    message: "shop.example: invalid peer certificate: certificate expired",
  });
});

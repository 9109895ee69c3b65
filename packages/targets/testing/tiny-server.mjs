// The service that the tests of the local target release: it does what the file beside it tells it to.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { meta, behaviour } = JSON.parse(readFileSync("tiny.json", "utf8"));
const started = Date.now();
let asked = 0;

console.log(`tiny ${meta.version} begins`);
if (behaviour.logVariable) console.log(`${behaviour.logVariable} is ${process.env[behaviour.logVariable]}`);
if (behaviour.exitCode !== undefined) {
  console.error("this one cannot start");
  process.exit(behaviour.exitCode);
}
if (behaviour.ignoreSigterm) process.on("SIGTERM", () => console.log("not now"));
else process.once("SIGTERM", () => server.close(() => process.exit(0)));

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://tiny");
  const json = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (pathname === "/healthz") return json(200, { status: "ok" });
  if (pathname === "/readyz") return json(isReady() ? 200 : 503, { ready: isReady() });
  if (pathname === "/meta") return json(200, { ...meta, commit: "none" });
  if (pathname === "/headers")
    return json(200, { version: meta.version, headers: request.headers, url: request.url });
  if (pathname === "/environment") return json(200, { names: Object.keys(process.env), cwd: process.cwd() });
  if (pathname === "/fail") return json(500, { version: meta.version });
  if (pathname === "/break") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    return setTimeout(() => request.socket.destroy(), 10);
  }
  if (pathname === "/echo") {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return json(200, {
      version: meta.version,
      method: request.method,
      body: Buffer.concat(chunks).toString(),
    });
  }
  if (pathname === "/stream") {
    response.writeHead(200, { "content-type": "text/plain" });
    for (let part = 0; part < 10; part++) {
      response.write(`${meta.version} ${part}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return response.end("end\n");
  }
  if (pathname === "/endless") {
    response.writeHead(200, { "content-type": "text/plain" });
    return response.write(`${meta.version} begins\n`);
  }
  if (pathname === "/hang") return;
  json(200, { version: meta.version, pid: process.pid });
});

// Enough of RFC 6455 to shake hands and to answer a short text with the version.
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  socket.on("data", (frame) => {
    if ((frame[0] & 0x0f) === 8) return socket.end(Buffer.from([0x88, 0]));
    socket.write(Buffer.concat([Buffer.from([0x81, meta.version.length]), Buffer.from(meta.version)]));
  });
  socket.on("error", () => socket.destroy());
});

function isReady() {
  if (behaviour.flapping && ++asked % 3 === 0) return false;
  return Date.now() - started >= (behaviour.readyAfterMs ?? 0);
}

server.listen(Number(process.env.PORT), "127.0.0.1");

import { connect } from "node:net";
import { networkFailure } from "../engine/network-failure.ts";
import type { TcpQuery } from "../engine/ports.ts";

/** Bytes of a greeting that are kept. */
const maxReply = 4_096;

/** Opens a TCP connection, says what there is to say, and gives back the first thing that is heard. */
export function connectTcp({ host, port, send, wantsReply, signal }: TcpQuery): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const onAbort = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", (error) => end(() => reject(networkFailure(`tcp://${host}:${port}`, error))));
    socket.once("connect", () => {
      if (send !== undefined) socket.write(send);
      if (!wantsReply) end(() => resolve(""));
    });
    socket.once("data", (data: Buffer) => end(() => resolve(data.subarray(0, maxReply).toString("utf8"))));
    socket.once("end", () => end(() => resolve("")));
  });
}
